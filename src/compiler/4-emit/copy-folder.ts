import type { Dirent } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Artifact } from "../../adapters/vendors/contract.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import { digestFiles } from "../../util/digest-files.ts";
import type { BuildContext, BuiltArtifact } from "./built-artifact.ts";
import { resolveSource } from "./source-folder.ts";

/** The most files of one Worker's static assets, and the most bytes of each (Workers docs, "Limits"). */
const FILES_MAX = 20_000;
const FILE_BYTES_MAX = 25 * 1024 * 1024;
/** The most bytes of one folder, all of which are in memory at once. */
const FOLDER_BYTES_MAX = 512 * 1024 * 1024;

/**
 * Reads a folder of static files. Hidden files and folders are left out, `.well-known` excepted, and so is `node_modules`: what is
 * published is what is meant to be. Links are an error, never followed.
 */
export async function copyFolder(
  { name, source }: Artifact & { readonly kind: "directory" },
  context: BuildContext,
): Promise<BuiltArtifact | undefined> {
  const folder = await resolveSource(context, name, source, "folder");
  if (folder === undefined) return undefined;
  const paths = await listFiles(folder, name, context);
  if (paths === undefined) return undefined;
  if (!(await checkSizes(folder, paths, { name, source }, context))) return undefined;
  const contents: { readonly path: string; readonly bytes: Uint8Array }[] = [];
  for (const path of paths) contents.push({ path, bytes: await readFile(join(folder, path)) });
  const digest = digestFiles(contents);
  const path = `build/${name}.${digest.slice(0, 16)}`;
  const files = contents.map((file) => ({ path: `${path}/${file.path}`, bytes: file.bytes }));
  return { name, kind: "directory", path, sha256: digest, files };
}

/** Paths of all files below a folder, `/`-separated and sorted. */
async function listFiles(
  folder: string,
  resource: string,
  { locate, sink }: BuildContext,
): Promise<readonly string[] | undefined> {
  const files: string[] = [];
  const open = [""];
  for (let below = open.pop(); below !== undefined; below = open.pop()) {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      if (!isPublished(entry)) continue;
      const path = below + entry.name;
      if (entry.isDirectory()) open.push(`${path}/`);
      else if (entry.isFile()) files.push(path);
      else {
        sink.report(createDiagnostic("SC8004", { source: path }, locate(resource)));
        return undefined;
      }
    }
  }
  return files.sort();
}

async function checkSizes(
  folder: string,
  paths: readonly string[],
  { name, source }: { readonly name: string; readonly source: string },
  { locate, sink }: BuildContext,
): Promise<boolean> {
  let total = 0;
  for (const path of paths.slice(0, FILES_MAX)) {
    const { size } = await stat(join(folder, path));
    total += size;
    if (size <= FILE_BYTES_MAX) continue;
    const values = { source: `${source}/${path}`, limit: FILE_BYTES_MAX };
    sink.report(createDiagnostic("SC8006", values, locate(name)));
    return false;
  }
  if (paths.length <= FILES_MAX && total <= FOLDER_BYTES_MAX) return true;
  const values = { resource: name, files: FILES_MAX, bytes: FOLDER_BYTES_MAX };
  sink.report(createDiagnostic("SC8005", values, locate(name)));
  return false;
}

function isPublished({ name }: Dirent): boolean {
  return name === ".well-known" || (!name.startsWith(".") && name !== "node_modules");
}
