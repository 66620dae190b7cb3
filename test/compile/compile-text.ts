import { findVendor } from "../../src/adapters/vendors/find-vendor.ts";
import { VENDORS } from "../../src/adapters/vendors/registry.ts";
import { loadCatalog } from "../../src/catalog/load-catalog.ts";
import type { ArtifactBuilder, BuiltArtifact } from "../../src/compiler/4-emit/built-artifact.ts";
import { type CompileInput, type CompileResult, compile } from "../../src/compiler/compile.ts";
import { sha256 } from "../../src/util/sha256.ts";

const catalog = loadCatalog();

/** Where the one file of an artifact lies that is a folder. */
const FOLDERS: Readonly<Partial<Record<BuiltArtifact["kind"], string>>> = {
  directory: "index.html",
  "netlify-output": "publish/index.html",
  "vercel-output": ".vercel/output/config.json",
};

/** Stands in for sources: every artifact has one small file, made of its name. */
export const buildStandIns: ArtifactBuilder = async (artifacts) =>
  artifacts.map(({ kind, name }): BuiltArtifact => {
    const bytes = new TextEncoder().encode(`// ${name}\n`);
    const digest = sha256(bytes);
    const below = FOLDERS[kind];
    const path = below === undefined ? `build/${name}.mjs` : `build/${name}.${digest.slice(0, 16)}`;
    const file = below === undefined ? path : `${path}/${below}`;
    return { name, kind, path, sha256: digest, files: [{ path: file, bytes }] };
  });

/** Compiles a manifest that no file holds, by default for the stack `local` with stand-ins for its sources. */
export function compileText(
  text: string,
  options: Partial<CompileInput> = {},
): Promise<CompileResult> {
  return compile({
    manifest: { path: "supercargo.yaml", text },
    stack: "local",
    catalog,
    vendors: VENDORS,
    findVendor,
    artifacts: buildStandIns,
    generator: { name: "supercargo", version: "0.0.0-test" },
    ...options,
  });
}

/** A manifest with these resources, each `name: { kind: ... }`. */
export function manifestWith(resources: Readonly<Record<string, object>>): string {
  return JSON.stringify({
    apiVersion: "supercargo/v1",
    name: "acme",
    principal: { email: "founder@example.com" },
    agent: { id: "build-bot" },
    orchestrator: ["stripe"],
    payment: ["stripe"],
    provider: "cloudflare",
    resources,
    stacks: { prod: {} },
  });
}

/** The text of a generated file. */
export function textOf(result: CompileResult, path: string): string {
  const bytes = result.files?.get(path);
  if (bytes === undefined) {
    const problems = result.diagnostics.map(({ code, message }) => `${code} ${message}`);
    throw new Error(`no ${path}: ${problems.join("; ")}`);
  }
  return new TextDecoder().decode(bytes);
}

/** Codes of the errors. */
export function errorsOf(result: CompileResult): readonly string[] {
  return result.diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);
}
