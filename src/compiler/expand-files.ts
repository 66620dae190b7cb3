import { getMimeType } from "hono/utils/mime";
import type { Lowered, LoweredResource, LoweredValue } from "../adapters/vendors/contract.ts";
import { sha256 } from "../util/sha256.ts";
import type { BuiltArtifact } from "./4-emit/built-artifact.ts";

/** Makes of each resource that stands for the files of a folder one for each file, now that they are known. */
export function expandFiles(
  lowered: readonly Lowered[],
  artifacts: readonly BuiltArtifact[],
): readonly Lowered[] {
  const built = new Map(artifacts.map((artifact) => [artifact.name, artifact]));
  return lowered.map((one) => ({
    ...one,
    resources: one.resources.flatMap((resource) => {
      if (resource.each === undefined) return [resource];
      const artifact = built.get(resource.each);
      if (artifact === undefined) throw new Error(`no artifact ${resource.each}`);
      return artifact.files.map(({ path }) =>
        forFile(resource, resource.each ?? "", path.slice(artifact.path.length + 1)),
      );
    }),
  }));
}

const PLAIN = /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/;
/** What a hash looks like: no path is taken for a name that another one's hash may be. */
const HASH = /^[0-9a-f]{16}$/;

/** A file's path says what it is, where it has only characters of a name; else its hash does. */
function forFile(
  { each: _, ...resource }: LoweredResource,
  artifact: string,
  path: string,
): LoweredResource {
  const which = PLAIN.test(path) && !HASH.test(path) ? path : sha256(path).slice(0, 16);
  const fill = (value: LoweredValue): LoweredValue => {
    if (typeof value !== "object") return value;
    if (!("kind" in value)) return value.map(fill);
    if (value.kind === "file") return value.field === "path" ? path : typeOf(path);
    return value.kind === "artifact" && value.artifact === artifact
      ? { ...value, file: path }
      : value;
  };
  return {
    ...resource,
    name: `${resource.name}.${which}`,
    args: Object.fromEntries(Object.entries(resource.args).map(([key, v]) => [key, fill(v)])),
  };
}

function typeOf(path: string): string {
  return getMimeType(path) ?? "application/octet-stream";
}
