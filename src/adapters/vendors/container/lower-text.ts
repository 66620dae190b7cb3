import type { Text } from "../../../compiler/2-model/model.ts";
import type { LoweredReference, LoweredText, Vendor } from "../contract.ts";
import { createOverview } from "../create-overview.ts";
import { lowerParts } from "../lower-parts.ts";
import { concat, ref } from "../lowered-values.ts";
import type { Context, Overview, WebNode } from "../node-lowering.ts";
import { splitRoute } from "../split-route.ts";
import { vendorName } from "../vendor-name.ts";
import { APP_PORT, hostOf } from "./lowering.ts";

type Part = string | LoweredReference;

/** Text with references of the manifest -> the same with references to outputs. */
export function lowerText(context: Context, text: Text): LoweredText {
  return concat(...lowerParts(context, text));
}

/** The address of an app or site for the world: of its first route, else its name below `localhost`, which is this machine everywhere (RFC 6761, 6.3). */
export function webUrl(context: Context, node: WebNode): LoweredText {
  return concat(...urlParts(context, node));
}

/** The host at which the proxy serves what has no route. */
export function localHost({ model }: Overview, node: WebNode): string {
  return `${vendorName(model, node.name)}.localhost`;
}

/** Where other containers of the stack reach it. */
export function innerUrl(context: Context, name: string): string {
  return `http://${hostOf(context, name)}:${APP_PORT}`;
}

/** An app hears of a queue by its own name; of what else is no app or site, the volume is the resource, and its name the only one. */
export const createResolver: Vendor["createResolver"] = (model, resolve) => {
  const context: Context = { ...createOverview(model), resolve };
  return ({ resource, attribute }) => {
    const node = context.nodes.get(resource);
    if (node?.kind === "queue") return [resource];
    if (node?.kind !== "app" && node?.kind !== "site") return [ref(resource, "name")];
    return attribute === "url" ? urlParts(context, node) : hostParts(context, node);
  };
};

function urlParts(context: Context, node: WebNode): readonly Part[] {
  const [route] = node.routes;
  if (route === undefined) return [`http://${localHost(context, node)}`];
  const [host, path] = splitRoute(route.pattern);
  const start = path.replace(/\/?\*$/, "");
  return ["https://", ...lowerParts(context, host), start];
}

function hostParts(context: Context, node: WebNode): readonly Part[] {
  const [route] = node.routes;
  return route === undefined
    ? [localHost(context, node)]
    : lowerParts(context, splitRoute(route.pattern)[0]);
}
