import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Artifact, BundleTarget } from "../../src/adapters/vendors/contract.ts";
import { createArtifactBuilder } from "../../src/compiler/4-emit/build-artifacts.ts";
import type { BuiltArtifact } from "../../src/compiler/4-emit/built-artifact.ts";
import { PROJECT_ROOT } from "../support/run-cli.ts";

const AT = {
  file: "supercargo.yaml",
  path: "resources.shop",
  range: { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } },
};

/** The plain values among the shop's bindings. */
export const PLAIN = {
  SESSION_KEY: "only-for-tests",
  SHOP_NAME: "Ship & Shore",
} as const;

/** What the shop's variables with URLs are, as a vendor's lowering says it. */
export const OPENED = { SUPERCARGO_BINDINGS: "DB,MEDIA,RECEIPTS" } as const;

/** Bundles the app of a template as the compiler does, and answers with the text. */
export async function bundleTemplate(
  target: BundleTarget,
  template: "storefront" | "minimal" = "storefront",
): Promise<string> {
  const artifact = { kind: "bundle", name: "app", source: "app", entry: "index.ts" } as const;
  const { files } = await buildFor(template, { ...artifact, target });
  return new TextDecoder().decode(files[0]?.bytes);
}

/** Builds an artifact of a template as the compiler does. */
export async function buildFor(template: string, artifact: Artifact): Promise<BuiltArtifact> {
  const path = join(PROJECT_ROOT, "templates", template);
  const build = createArtifactBuilder({ path, shown: path });
  const problems: unknown[] = [];
  const sink = { report: (problem: unknown) => void problems.push(problem) };
  const [built] = (await build([artifact], () => AT, sink)) ?? [];
  if (built === undefined) throw new Error(`it does not build: ${JSON.stringify(problems)}`);
  return built;
}

/** The same as a file in `folder`; answers with its path. */
export async function writeTemplate(
  folder: string,
  ...what: Parameters<typeof bundleTemplate>
): Promise<string> {
  const path = join(folder, "app.mjs");
  writeFileSync(path, await bundleTemplate(...what));
  return path;
}
