import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createDiagnostic } from "../diagnostics/catalogue.ts";
import type { DiagnosticSink } from "../diagnostics/diagnostic.ts";
import { kindOf, listStrays, type StackFolder } from "./stack-folder.ts";

/** What changed on the disk; paths relative to the stack's folder, sorted. */
export interface WrittenStack {
  readonly written: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Makes a stack's folder hold the generated files: each one is written beside its place and moved there, equal ones are left alone,
 * and what is stale in `build/`, or lies beside an OpenTofu configuration, is removed. Other files are not touched. Below the project's root no link is followed: where one is
 * in the way of a folder, or a folder in the way of a file, nothing is written, an error is reported and the answer is undefined. Throws
 * for what the system refuses, and for a path that leaves the folder, which is a bug.
 */
export function writeStack(
  stack: StackFolder,
  files: ReadonlyMap<string, Uint8Array>,
  sink: DiagnosticSink,
): WrittenStack | undefined {
  for (const path of files.keys()) assertInside(path);
  const obstacle = findObstacle(stack, [...files.keys()]);
  if (obstacle !== undefined) {
    const start = { line: 1, column: 1 };
    const location = { file: obstacle.path, path: "", range: { start, end: start } };
    sink.report(createDiagnostic("SC8007", obstacle, location));
    return undefined;
  }
  const written: string[] = [];
  for (const [path, bytes] of files) {
    if (writeIfDifferent(join(stack.root, stack.folder, path), bytes)) written.push(path);
  }
  const stale = listStrays(stack, files);
  for (const path of stale) removeFile(stack, path);
  return { written, removed: stale };
}

/** A generated path is our own, so one that is not plain is a bug, not bad input. */
function assertInside(path: string): void {
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..") || /[\\\0]/.test(path)) {
    throw new Error(`not a path inside the stack: ${JSON.stringify(path)}`);
  }
}

/** The first thing that would make a write land elsewhere or fail half-way. */
function findObstacle(
  { root, folder }: StackFolder,
  paths: readonly string[],
): { readonly path: string; readonly what: string } | undefined {
  const folders = new Set<string>();
  for (const path of [folder, ...paths.map((file) => dirname(`${folder}/${file}`))]) {
    const parts = path.split("/");
    parts.forEach((_, i) => {
      folders.add(parts.slice(0, i + 1).join("/"));
    });
  }
  for (const path of [...folders].sort()) {
    const kind = kindOf(join(root, path));
    if (kind !== "folder" && kind !== "nothing") return { path, what: "folder" };
  }
  for (const file of paths) {
    const path = `${folder}/${file}`;
    if (kindOf(join(root, path)) === "folder") return { path, what: "file" };
  }
  return undefined;
}

function writeIfDifferent(path: string, bytes: Uint8Array): boolean {
  if (kindOf(path) === "file" && readFileSync(path).equals(bytes)) return false;
  mkdirSync(dirname(path), { recursive: true });
  const beside = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    writeFileSync(beside, bytes, { flag: "wx" });
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  return true;
}

/** Removes a stale file and the folders that it leaves empty. */
function removeFile({ root, folder }: StackFolder, path: string): void {
  rmSync(join(root, folder, path));
  for (let above = dirname(path); above !== "."; above = dirname(above)) {
    try {
      rmdirSync(join(root, folder, above));
    } catch {
      return;
    }
  }
}
