import { realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, relative, resolve, sep } from "node:path";
import type { BuildFailure, Message, OutputFile } from "esbuild";
import type { Artifact, BundleTarget } from "../../adapters/vendors/contract.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { SourceLocation } from "../../diagnostics/diagnostic.ts";
import { sha256 } from "../../util/sha256.ts";
import type { BuildContext, BuiltArtifact } from "./built-artifact.ts";
import { bundleOptions, RUNTIME } from "./bundle-options.ts";
import { packBundle } from "./pack-bundle.ts";
import { isInside, resolveSource } from "./source-folder.ts";

/** Folders of a project that no bundle may take files from. */
const PRIVATE: ReadonlySet<string> = new Set([".git", ".supercargo"]);

/**
 * Bundles an app to one ES module for its target. Minified, because only then the text holds no path and is the same on every machine;
 * what the platform brings (`cloudflare:*`, `node:*`) stays an import. Undefined, with the errors reported where they stand in the code, when
 * it does not build or takes in files from outside the project.
 */
export async function bundleApp(
  artifact: Artifact & { readonly kind: "bundle" },
  context: BuildContext,
): Promise<BuiltArtifact | undefined> {
  const { name, source, entry, target = "workers", packed = false } = artifact;
  const file = await resolveSource(context, name, `${source}/${entry}`, "file");
  if (file === undefined) return undefined;
  const root = await realpath(context.project.path);
  const output = await runEsbuild({ file, root, name, target }, context);
  if (output === undefined) return undefined;
  const path = `build/${name}.${packed ? "zip" : "mjs"}`;
  const bytes = packed ? packBundle(target, output.contents) : output.contents;
  return { name, kind: "bundle", path, sha256: sha256(bytes), files: [{ path, bytes }] };
}

interface BundledApp {
  /** Absolute path of the entry. */
  readonly file: string;
  readonly root: string;
  readonly name: string;
  readonly target: BundleTarget;
}

async function runEsbuild(
  { file, root, name: resource, target }: BundledApp,
  context: BuildContext,
): Promise<OutputFile | undefined> {
  const { build } = await import("esbuild");
  const ownPackages = findOwnPackages();
  try {
    const { outputFiles, metafile } = await build({
      absWorkingDir: root,
      ...bundleOptions(target, file, root),
      nodePaths: [ownPackages],
    });
    const roots = { project: root, packages: ownPackages };
    const isClean = await checkInputs(Object.keys(metafile.inputs), roots, resource, context);
    return isClean ? outputFiles[0] : undefined;
  } catch (failure) {
    if (!isBuildFailure(failure)) throw failure;
    for (const message of failure.errors) reportMessage(message, resource, context);
    return undefined;
  }
}

/** Folders whose files a bundle may hold: the project and our own installation's packages. */
interface Roots {
  readonly project: string;
  readonly packages: string;
}

/** A bundle is published, so it must not take in, say, a JSON file with credentials from the home folder. */
async function checkInputs(
  inputs: readonly string[],
  roots: Roots,
  resource: string,
  { locate, sink }: BuildContext,
): Promise<boolean> {
  const outside: string[] = [];
  for (const input of inputs) {
    const path = resolve(roots.project, input.replace(/^\(disabled\):/, ""));
    const real = await realpath(path).catch(() => path);
    const isAllowed =
      isPackageFile(roots, real) || isProjectFile(roots, real) || isRuntimeFile(input, real);
    if (!isAllowed) outside.push(input);
  }
  for (const source of outside) {
    sink.report(createDiagnostic("SC8003", { resource, source }, locate(resource)));
  }
  return outside.length === 0;
}

function isProjectFile({ project }: Roots, path: string): boolean {
  return (
    isInside(project, path) &&
    !relative(project, path)
      .split(sep)
      .some((part) => PRIVATE.has(part))
  );
}

/** Of the entries that call the app, or the text that calls one of them. */
function isRuntimeFile(input: string, path: string): boolean {
  return input === "<stdin>" || isInside(RUNTIME, path);
}

/** In a `node_modules` of the project, of a folder above it, or of our own installation. */
function isPackageFile({ project, packages }: Roots, path: string): boolean {
  if (isInside(packages, path)) return true;
  const mark = `${sep}node_modules${sep}`;
  const owner = path.slice(0, Math.max(0, path.indexOf(mark)));
  return path.includes(mark) && (isInside(owner, project) || isInside(project, owner));
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

function reportMessage(message: Message, resource: string, context: BuildContext): void {
  const { project, locate, sink } = context;
  const { text, location } = message;
  const at: SourceLocation =
    location === null
      ? locate(resource)
      : {
          file: join(project.shown, location.file),
          path: "",
          range: rangeOf(location),
        };
  sink.report(createDiagnostic("SC8001", { resource, problem: text }, at));
}

/** esbuild counts columns and lengths in bytes of UTF-8, from 0. */
function rangeOf({
  line,
  column,
  length,
  lineText,
}: NonNullable<Message["location"]>): SourceLocation["range"] {
  const bytes = Buffer.from(lineText);
  const unitsBefore = (offset: number) => bytes.subarray(0, offset).toString().length;
  return {
    start: { line, column: unitsBefore(column) + 1 },
    end: { line, column: unitsBefore(column + length) + 1 },
  };
}

/** The packages of our own installation: every app may import them, hono above all, although its project installs nothing. */
function findOwnPackages(): string {
  const hono = createRequire(import.meta.url).resolve("hono");
  const folder = `${sep}node_modules`;
  return hono.slice(0, hono.lastIndexOf(`${folder}${sep}hono${sep}`) + folder.length);
}
