import type { Reference, ResourceNode, Text } from "../../../compiler/2-model/model.ts";
import type { LoweredReference, LoweredText } from "../contract.ts";
import { concat, ref } from "../lowered-values.ts";
import type { Context, WebNode } from "../node-lowering.ts";
import { splitRoute } from "../split-route.ts";

type Part = string | LoweredReference;

/** What the outputs that a text may hold are called, ours and those of the kinds that other vendors serve. */
const OUTPUTS: Readonly<Record<string, string>> = {
  "bucket.name": "name",
  "domain.domain": "domain",
  "dns.name": "name",
  "queue.name": "name",
  "service.id": "instance_id",
};

/** Text with references of the manifest -> the same with references to outputs. */
export function lowerText(context: Context, text: Text): LoweredText {
  return concat(...lowerParts(context, text));
}

/** The address of an app or site for the world: its first route's host, else its own below `vercel.app`. */
export function webUrl(context: Context, node: WebNode): LoweredText {
  return concat("https://", ...hostParts(context, node));
}

/** The resource of an app's or site's host below `vercel.app`, which it has when it has no route. */
export function ownHostName(owner: string): string {
  return `${owner}.domain`;
}

function lowerParts(context: Context, text: Text): readonly Part[] {
  return text.flatMap((part) => (typeof part === "string" ? [part] : resolve(context, part)));
}

function hostParts(context: Context, node: WebNode): readonly Part[] {
  const [route] = node.routes;
  return route === undefined
    ? [ref(ownHostName(node.name), "domain")]
    : lowerParts(context, splitRoute(route.pattern)[0]);
}

function resolve(context: Context, { resource, attribute }: Reference): readonly Part[] {
  const node = context.nodes.get(resource);
  if (node?.kind === "app" || node?.kind === "site") {
    const host = hostParts(context, node);
    return attribute === "url" ? ["https://", ...host] : host;
  }
  return [ref(resource, outputOf(node, attribute))];
}

function outputOf(node: ResourceNode | undefined, attribute: string): string {
  return OUTPUTS[`${node?.kind}.${attribute}`] ?? "id";
}
