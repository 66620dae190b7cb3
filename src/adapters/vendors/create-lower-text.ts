import type { Reference, ResourceNode, Text } from "../../compiler/2-model/model.ts";
import type { LoweredReference, LoweredText } from "./contract.ts";
import { concat, ref } from "./lowered-values.ts";
import type { Context, WebNode } from "./node-lowering.ts";
import { splitRoute } from "./split-route.ts";

type Part = string | LoweredReference;

/** How a vendor without accounts lowers text, and the addresses that it may hold. */
export interface LowerText {
  /** Text with references of the manifest -> the same with references to outputs. */
  lowerText(context: Context, text: Text): LoweredText;
  /** The address of an app or site for the world: its first route's host, else its own. */
  webUrl(context: Context, node: WebNode): LoweredText;
}

/** `<kind>.<attribute>` -> output, of our own kinds and those that other vendors serve; every other one is `id`. */
const OUTPUTS: Readonly<Record<string, string>> = {
  "bucket.name": "name",
  "dns.name": "name",
  "domain.domain": "domain",
  "queue.name": "name",
  "service.id": "instance_id",
};

/** `ownHost` is the host of an app or site that has no route; `outputs` are those that the vendor calls otherwise. */
export function createLowerText(
  ownHost: (context: Context, node: WebNode) => readonly Part[],
  outputs: Readonly<Record<string, string>> = {},
): LowerText {
  const lowerParts = (context: Context, text: Text): readonly Part[] =>
    text.flatMap((part) => (typeof part === "string" ? [part] : resolve(context, part)));

  const hostParts = (context: Context, node: WebNode): readonly Part[] => {
    const [route] = node.routes;
    return route === undefined
      ? ownHost(context, node)
      : lowerParts(context, splitRoute(route.pattern)[0]);
  };

  const resolve = (context: Context, { resource, attribute }: Reference): readonly Part[] => {
    const node = context.nodes.get(resource);
    if (node?.kind !== "app" && node?.kind !== "site")
      return [ref(resource, outputOf(node, attribute))];
    const host = hostParts(context, node);
    return attribute === "url" ? ["https://", ...host] : host;
  };

  const outputOf = (node: ResourceNode | undefined, attribute: string): string => {
    const name = `${node?.kind}.${attribute}`;
    return outputs[name] ?? OUTPUTS[name] ?? "id";
  };

  return {
    lowerText: (context, text) => concat(...lowerParts(context, text)),
    webUrl: (context, node) => concat("https://", ...hostParts(context, node)),
  };
}
