import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { packageFolder } from "./machine-folders.ts";

/** What a generated program imports. */
const NEEDED = [
  "supercargo",
  "@pulumi/pulumi",
  "@pulumi/aws",
  "@pulumi/azure",
  "@pulumi/cloudflare",
  "@pulumi/docker",
  "@pulumi/gcp",
  "@pulumiverse/vercel",
] as const;
type Needed = (typeof NEEDED)[number];

export interface LinkResult {
  /** Links made now, as package names. */
  readonly linked: readonly string[];
  /** Packages that the program will not find, because something of the user's stands in the way. */
  readonly blocked: readonly string[];
}

/**
 * Makes what a stack's program imports resolvable from its folder, for a person who runs Pulumi there and a project outside our package (our own
 * runs work elsewhere, see {@link linkPackages}): where Node would not find it, a link is set in `<root>/node_modules`. What resolves already, e.g. after the user's own `npm install`, is left
 * alone. The folder above the stack's is marked as holding ES modules, unless it is one already: Pulumi compiles the program
 * with an old TypeScript otherwise. Our own package must be reached at a real path outside any `node_modules`, because Node strips types only there.
 */
export function linkDependencies(root: string, stackFolder: string): LinkResult {
  markAsModule(stackFolder);
  const linked: string[] = [];
  const blocked: string[] = [];
  for (const name of NEEDED) {
    if (resolves(name, stackFolder)) continue;
    if (setLink(join(root, "node_modules", name), locate(name))) linked.push(name);
    else blocked.push(name);
  }
  return { linked, blocked };
}

/** Links our own packages into a folder that has no `node_modules` yet: what lies below it resolves to them, whatever lies above. */
export function linkPackages(folder: string): void {
  for (const name of NEEDED) {
    if (!setLink(join(folder, "node_modules", name), locate(name)))
      throw new Error(`${name} is linked already`);
  }
}

function markAsModule(stackFolder: string): void {
  const nearest = findManifest(stackFolder);
  if (nearest !== undefined && readManifest(nearest).type === "module") return;
  const path = join(dirname(stackFolder), "package.json");
  if (!existsSync(path)) writeFileSync(path, '{ "private": true, "type": "module" }\n');
}

function findManifest(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest)) return manifest;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Node's own rule, without its cache: the folder's package by its own name, or `node_modules` going up. */
function resolves(name: Needed, from: string): boolean {
  const nearest = findManifest(from);
  if (nearest !== undefined && readManifest(nearest).name === name) return true;
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return isUsable(name, candidate);
    if (dirname(folder) === folder) return false;
  }
}

function isUsable(name: Needed, folder: string): boolean {
  if (name !== "supercargo") return true;
  return !realpathSync(folder).split(sep).includes("node_modules");
}

function locate(name: Needed): string {
  if (name === "supercargo") return packageFolder();
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

/** Sets the link; a link that leads nowhere is replaced, anything else in its place is left alone. */
function setLink(path: string, target: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found !== undefined) {
    if (!found.isSymbolicLink() || existsSync(path)) return false;
    rmSync(path);
  }
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, "dir");
  return true;
}

function readManifest(path: string): { readonly name?: unknown; readonly type?: unknown } {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return value !== null && typeof value === "object" ? value : {};
  } catch {
    return {};
  }
}
