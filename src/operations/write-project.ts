import { join } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { sha256 } from "../util/sha256.ts";
import type { CompiledProject } from "./compile-sources.ts";
import { type Refusal, refuse } from "./outcome.ts";

/** A stack on disk. */
export interface WrittenProject {
  /** `stacks/<name>`, relative to the project's root. */
  readonly folder: string;
  /** Paths in the folder that changed, sorted. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  /** Every generated file, sorted by path. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

/** Writes a compiled project's stack; equal files are left alone. */
export async function writeProject(compiled: CompiledProject): Promise<WrittenProject | Refusal> {
  const { files } = compiled;
  if (files === undefined) throw new Error("the project was compiled without files");
  const [{ stackFolder }, { writeStack }, { linkDependencies }] = await Promise.all([
    import("../compiler/stack-folder.ts"),
    import("../compiler/write-stack.ts"),
    import("../deploy/link-dependencies.ts"),
  ]);
  const { root } = compiled.project;
  const place = stackFolder(root, compiled.model.name);
  const diagnostics: Diagnostic[] = [];
  const written = writeStack(place, files, {
    report: (diagnostic) => void diagnostics.push(diagnostic),
  });
  if (written === undefined) {
    const message = `${place.folder} cannot be written`;
    return refuse({ kind: "refused", code: "stack-not-written", message }, { diagnostics });
  }
  const { blocked } = linkDependencies(root, join(root, place.folder));
  if (blocked.length > 0) {
    return refuse({
      kind: "refused",
      code: "packages-blocked",
      message: `the stack would not find ${blocked.join(", ")}: something else stands in node_modules`,
      remedy: "Remove it there, or install the packages.",
    });
  }
  return {
    folder: place.folder,
    ...written,
    files: listFiles(files),
  };
}

/** Paths and digests of generated files, in their order. */
export function listFiles(files: ReadonlyMap<string, Uint8Array>): WrittenProject["files"] {
  return [...files].map(([path, bytes]) => ({ path, sha256: sha256(bytes) }));
}
