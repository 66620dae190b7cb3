import { SHIM_TEXT } from "../resources/shim-text.ts";
import { PLUGIN_SOURCES, PREVIEWED_PLUGINS } from "./engine.ts";
import type { Checkpoint, CheckpointResource } from "./read-checkpoint.ts";

/** Types whose `__provider` text the engine's dynamic provider executes. */
const DYNAMIC = /^pulumi-(?:nodejs|python):dynamic/;

/** Packages whose plugins our stacks use; the engine would fetch and start any other that a state names. */
const KNOWN_PACKAGES: ReadonlySet<string> = new Set([
  "cloudflare",
  "docker",
  "netlify",
  "pulumi-nodejs",
  ...Object.keys(PREVIEWED_PLUGINS),
]);

const PROVIDER_PREFIX = "pulumi:providers:";

/**
 * The resources through which the state would make the engine run code that is not ours: a stored `__provider` text that
 * is not the constant one, or a plugin that our stacks do not use or that comes from a place of its own. Such a stack must
 * not reach the engine. Empty means that the state is safe to run.
 */
export function findForeignCode(checkpoint: Checkpoint): readonly string[] {
  return [...checkpoint.resources, ...checkpoint.pending.map((pending) => pending.resource)]
    .filter((resource) => !(isShimOurs(resource) && isPluginKnown(resource)))
    .map((resource) => resource.urn);
}

function isShimOurs(resource: CheckpointResource): boolean {
  const stored = [resource.inputs, resource.outputs].filter((values) =>
    Object.hasOwn(values, "__provider"),
  );
  if (stored.some((values) => values.__provider !== SHIM_TEXT)) return false;
  return !DYNAMIC.test(resource.type) || stored.length > 0 || isEmpty(resource);
}

/** A resource that is only planned, of which nothing is stored yet. */
function isEmpty(resource: CheckpointResource): boolean {
  return Object.keys(resource.inputs).length + Object.keys(resource.outputs).length === 0;
}

function isPluginKnown(resource: CheckpointResource): boolean {
  if (!resource.type.startsWith(PROVIDER_PREFIX)) return true;
  const name = resource.type.slice(PROVIDER_PREFIX.length);
  if (!KNOWN_PACKAGES.has(name)) return false;
  return [resource.inputs, resource.outputs].every(
    (values) => isOwnSource(name, values) && isPlain(name, values.__internal),
  );
}

function isOwnSource(name: string, values: object): boolean {
  if (!("pluginDownloadURL" in values)) return true;
  return PLUGIN_SOURCES[name] !== undefined && values.pluginDownloadURL === PLUGIN_SOURCES[name];
}

/** The engine keeps a plugin's origin, checksums and environment below `__internal`; for ours there is nothing to keep but the one origin. */
function isPlain(name: string, internal: unknown): boolean {
  if (internal === undefined) return true;
  if (typeof internal !== "object" || internal === null) return false;
  return (
    Object.keys(internal).every((key) => key === "pluginDownloadURL") && isOwnSource(name, internal)
  );
}
