import type { ResourceNode, Text } from "../../compiler/2-model/model.ts";
import type { LoweredReference, LoweredText, Vendor } from "./contract.ts";
import { createOverview } from "./create-overview.ts";
import { lowerParts } from "./lower-parts.ts";
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
  readonly createResolver: Vendor["createResolver"];
}

/** `ownHost` is the host of an app or site that has no route; `lowerAttribute` says what an attribute of everything else comes to, where it is not the output `id` or `name`. */
export function createLowerText(
  ownHost: (context: Context, node: WebNode) => readonly Part[],
  lowerAttribute: (node: ResourceNode, attribute: string) => Part = ({ name }, attribute) =>
    ref(name, attribute),
): LowerText {
  const hostParts = (context: Context, node: WebNode): readonly Part[] => {
    const [route] = node.routes;
    return route === undefined
      ? ownHost(context, node)
      : lowerParts(context, splitRoute(route.pattern)[0]);
  };

  return {
    lowerText: (context, text) => concat(...lowerParts(context, text)),
    webUrl: (context, node) => concat("https://", ...hostParts(context, node)),
    createResolver(model, resolve) {
      const context: Context = { ...createOverview(model), resolve };
      return ({ resource, attribute }) => {
        const node = context.nodes.get(resource);
        if (node === undefined) throw new Error(`no resource ${resource}`);
        if (node.kind !== "app" && node.kind !== "site") return [lowerAttribute(node, attribute)];
        const host = hostParts(context, node);
        return attribute === "url" ? ["https://", ...host] : host;
      };
    },
  };
}
