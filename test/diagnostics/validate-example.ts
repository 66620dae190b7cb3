import { existsSync, readFileSync } from "node:fs";
import { ISSUERS } from "../../src/adapters/issuers/registry.ts";
import { ORCHESTRATORS } from "../../src/adapters/orchestrators/registry.ts";
import { findVendor } from "../../src/adapters/vendors/find-vendor.ts";
import { VENDORS } from "../../src/adapters/vendors/registry.ts";
import { loadCatalog } from "../../src/catalog/load-catalog.ts";
import { compile } from "../../src/compiler/compile.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { renderText } from "../../src/diagnostics/render-text.ts";

const catalog = loadCatalog();

/** What validation says about the files of an example's folder. The stack is `local`, or that of a first line `# stack: name`. */
export async function validateExample(
  folder: string,
): Promise<{ readonly diagnostics: readonly Diagnostic[]; readonly rendered: string }> {
  const manifest = readFileSync(`${folder}/supercargo.yaml`);
  const rules = `${folder}/guardrails.yaml`;
  const guardrails = existsSync(rules) ? readFileSync(rules) : undefined;
  const { diagnostics } = await compile({
    manifest: { path: "supercargo.yaml", bytes: manifest },
    guardrails: guardrails && { path: "guardrails.yaml", bytes: guardrails },
    stack: /^# stack: (\S+)/.exec(manifest.toString())?.[1] ?? "local",
    catalog,
    vendors: VENDORS,
    findVendor,
    orchestrators: ORCHESTRATORS.flatMap(({ names }) => names),
    issuers: ISSUERS.map(({ id }) => id),
    generator: { name: "supercargo", version: "0.0.0-test" },
  });
  const sources = new Map([
    ["supercargo.yaml", manifest.toString()],
    ["guardrails.yaml", guardrails?.toString() ?? ""],
  ]);
  return { diagnostics, rendered: renderText(diagnostics, sources) };
}
