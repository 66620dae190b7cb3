import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { type Failure, type Refusal, refuse } from "./outcome.ts";

/** The manifest's usual name. */
export const MANIFEST_FILE = "supercargo.yaml";
/** The guardrails' usual name, beside the manifest. */
export const GUARDRAILS_FILE = "guardrails.yaml";

/** A file as the user named it, with its bytes. */
export interface ProjectFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A project on disk: its two files, read once so that everything works on the same bytes. */
export interface Project {
  /** Absolute; holds `stacks/` and `.supercargo/`. */
  readonly root: string;
  /** Absolute folder of the manifest; its sources are relative to it. */
  readonly folder: string;
  readonly manifest: ProjectFile;
  /** Undefined when there is none; then the strict defaults hold. */
  readonly guardrails: ProjectFile | undefined;
}

/** What a user may say about where the project is. */
export interface ProjectQuery {
  /** Manifest or its folder; default: `supercargo.yaml` here or in the nearest folder above. */
  readonly path?: string | undefined;
  /** Guardrails file; default: `guardrails.yaml` beside the manifest, if there is one. */
  readonly guardrails?: string | undefined;
}

/**
 * Finds a project. Its root is `cwd` when a path is given, else the folder where the manifest was found. Answers with a refusal when
 * there is no manifest or a named file cannot be read.
 */
export function findProject(cwd: string, query: ProjectQuery): Project | Refusal {
  const found = query.path === undefined ? searchUpwards(cwd) : nameManifest(cwd, query.path);
  if (typeof found !== "string") return refuse(found);
  const root = query.path === undefined ? dirname(found) : resolve(cwd);
  const manifest = readNamed(cwd, found);
  if (manifest === undefined) return refuse(unreadable(cwd, found));
  const guardrailsFile =
    query.guardrails === undefined
      ? join(dirname(found), GUARDRAILS_FILE)
      : resolve(cwd, query.guardrails);
  const isNeeded = query.guardrails !== undefined || existsSync(guardrailsFile);
  const guardrails = isNeeded ? readNamed(cwd, guardrailsFile) : undefined;
  if (isNeeded && guardrails === undefined) return refuse(unreadable(cwd, guardrailsFile));
  return { root, folder: dirname(found), manifest, guardrails };
}

/** The folders into which whoever works on the project writes. */
export function projectFolders({ root, folder }: Project): readonly string[] {
  return [root, folder];
}

function searchUpwards(cwd: string): string | Failure {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const file = join(folder, MANIFEST_FILE);
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) break;
  }
  return {
    kind: "usage",
    code: "no-manifest",
    message: `there is no ${MANIFEST_FILE} here or in a folder above`,
    remedy: "Run `npx supercargo init` in an empty folder, or name the manifest.",
  };
}

function nameManifest(cwd: string, path: string): string | Failure {
  const absolute = resolve(cwd, path);
  const found = statSync(absolute, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) {
    const file = join(absolute, MANIFEST_FILE);
    if (existsSync(file)) return file;
  } else if (found?.isFile() === true) return absolute;
  return {
    kind: "usage",
    code: "no-manifest",
    message: `there is no manifest at ${path}`,
    remedy: `Name a manifest, or a folder with a ${MANIFEST_FILE}.`,
  };
}

/** Reads a file and gives it the name that a user would: relative where it is below or beside the working folder. */
function readNamed(cwd: string, file: string): ProjectFile | undefined {
  try {
    return { path: showPath(cwd, file), bytes: readFileSync(file) };
  } catch {
    return undefined;
  }
}

/** An absolute path as the user of `cwd` would write it. */
export function showPath(cwd: string, file: string): string {
  const shown = relative(cwd, file);
  return shown === "" || isAbsolute(shown) || shown.startsWith(join("..", "..", ".."))
    ? file
    : shown;
}

function unreadable(cwd: string, file: string): Failure {
  return {
    kind: "usage",
    code: "unreadable-file",
    message: `${basename(file)} cannot be read at ${showPath(cwd, file)}`,
    remedy: "Check that the file exists and that you may read it.",
  };
}
