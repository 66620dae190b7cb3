import type {
  Reference,
  ResourceKind,
  ResourceNode,
  Text,
} from "../../../compiler/2-model/model.ts";
import type { LoweredReference, LoweredText, Vendor } from "../contract.ts";
import { leaseName } from "../lease-resources.ts";
import { lowerParts } from "../lower-parts.ts";
import { concat, ref } from "../lowered-values.ts";
import { createSurvey } from "./create-survey.ts";
import { CLOUDFLARE, type Context, type WebNode } from "./lowering.ts";
import { type WebRoute, webRoutes } from "./web-routes.ts";

type Part = string | LoweredReference;

/** Attribute in the manifest -> output in the provider schema; the attributes of apps and sites are put together. */
const OUTPUTS: Readonly<Record<ResourceKind, Readonly<Record<string, string>>>> = {
  app: {},
  site: {},
  database: { id: "id" },
  bucket: { name: "name" },
  kv: { id: "id" },
  queue: { name: "queue_name" },
  cron: {},
  domain: { domain: "domain" },
  dns: { name: "name" },
  secret: {},
  service: { id: "instance_id" },
};

/** Text with references of the manifest -> the same with references to outputs, in the simplest form. */
export function lowerText(context: Context, text: Text): LoweredText {
  return concat(...lowerParts(context, text));
}

/**
 * Address of an app or site: its first whole host, else its first route without the star, else its name below the account's
 * `workers.dev` domain.
 */
export function webUrl(context: Context, node: WebNode): LoweredText {
  return concat(...urlParts(context, node));
}

/** What references to resources of Cloudflare's come to. */
export const createResolver: Vendor["createResolver"] = (model, resolve) => {
  const context: Context = { ...createSurvey(model), resolve };
  return (reference) => resolveOwn(context, reference);
};

function urlParts(context: Context, node: WebNode): readonly Part[] {
  const route = preferredRoute(context, node);
  const path = route?.kind === "route" ? route.path.replace(/\*$/, "") : "";
  return ["https://", ...hostParts(context, node), path];
}

function hostParts(context: Context, node: WebNode): readonly Part[] {
  const route = preferredRoute(context, node);
  if (route?.kind === "domain") return [ref(route.name, "hostname")];
  if (route !== undefined) return lowerParts(context, route.host);
  return [ref(node.name, "script_name"), ".", ref(leaseName(CLOUDFLARE, "account"), "app_domain")];
}

function preferredRoute(context: Context, node: WebNode): WebRoute | undefined {
  const routes = webRoutes(context, node);
  return routes.find((route) => route.kind === "domain") ?? routes[0];
}

function resolveOwn(context: Context, reference: Reference): readonly Part[] {
  const node = context.nodes.get(reference.resource);
  if (node?.kind === "app" || node?.kind === "site") {
    if (reference.attribute === "url") return urlParts(context, node);
    if (reference.attribute === "hostname") return hostParts(context, node);
  }
  return [ref(reference.resource, outputOf(node, reference))];
}

function outputOf(node: ResourceNode | undefined, reference: Reference): string {
  const output = node && OUTPUTS[node.kind][reference.attribute];
  if (output === undefined) {
    throw new Error(`no output for ${reference.resource}.${reference.attribute}`);
  }
  return output;
}
