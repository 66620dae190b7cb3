import type { Reference, ResourceNode, Text } from "../../../compiler/2-model/model.ts";
import type { LoweredReference, LoweredText } from "../contract.ts";
import { concat, ref } from "../lowered-values.ts";
import type { Context, WebNode } from "../node-lowering.ts";
import { splitRoute } from "../split-route.ts";
import { vendorName } from "../vendor-name.ts";
import { APP_PORT, hostOf } from "./lowering.ts";

type Part = string | LoweredReference;

/** Kinds of other vendors whose outputs a text may hold, and what those are called. */
const OUTPUTS: Readonly<Record<string, string>> = {
  "domain.domain": "domain",
  "dns.name": "name",
  "service.id": "instance_id",
};

/** Text with references of the manifest -> the same with references to outputs. */
export function lowerText(context: Context, text: Text): LoweredText {
  return concat(...lowerParts(context, text));
}

export function lowerParts(context: Context, text: Text): readonly Part[] {
  return text.flatMap((part) => (typeof part === "string" ? [part] : resolve(context, part)));
}

/** The address of an app or site for the world: of its first route, else its name below `localhost`, which is this machine everywhere (RFC 6761, 6.3). */
export function webUrl(context: Context, node: WebNode): LoweredText {
  return concat(...urlParts(context, node));
}

/** The host at which the proxy serves what has no route. */
export function localHost({ model }: Context, node: WebNode): string {
  return `${vendorName(model, node.name)}.localhost`;
}

/** Where other containers of the stack reach it. */
export function innerUrl(context: Context, name: string): string {
  return `http://${hostOf(context, name)}:${APP_PORT}`;
}

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

function resolve(context: Context, { resource, attribute }: Reference): readonly Part[] {
  const node = context.nodes.get(resource);
  if (node?.kind === "app" || node?.kind === "site")
    return attribute === "url" ? urlParts(context, node) : hostParts(context, node);
  return [ref(resource, outputOf(node, attribute))];
}

/** Of our own, the volume is the resource, and its name the only one. */
function outputOf(node: ResourceNode | undefined, attribute: string): string {
  return OUTPUTS[`${node?.kind}.${attribute}`] ?? "name";
}
