import { realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { BuildContext } from "./built-artifact.ts";

/**
 * Absolute path of something in the project that a manifest names, all links resolved. Undefined, with the error reported, when it is
 * not there or a link leads out of the project.
 */
export async function resolveSource(
  { project, locate, sink }: BuildContext,
  resource: string,
  source: string,
  what: "file" | "folder",
): Promise<string | undefined> {
  const [root, path] = await Promise.all([
    realpath(project.path),
    realpath(join(project.path, source)).catch(() => undefined),
  ]);
  if (path === undefined) {
    sink.report(createDiagnostic("SC8002", { what, source }, locate(resource)));
    return undefined;
  }
  if (!isInside(root, path)) {
    sink.report(createDiagnostic("SC8003", { resource, source }, locate(resource)));
    return undefined;
  }
  return path;
}

/** Whether an absolute path is the folder or below it; the text of the paths decides. */
export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
