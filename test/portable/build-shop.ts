import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BundleTarget } from "../../src/adapters/vendors/contract.ts";
import { createArtifactBuilder } from "../../src/compiler/4-emit/build-artifacts.ts";
import { PROJECT_ROOT } from "../support/run-cli.ts";

const TEMPLATE = join(PROJECT_ROOT, "templates/storefront");
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

/** Bundles the storefront as the compiler does, and answers with the text. */
export async function bundleShop(target: BundleTarget): Promise<string> {
  const build = createArtifactBuilder({ path: TEMPLATE, shown: TEMPLATE });
  const problems: unknown[] = [];
  const artifact = {
    kind: "bundle",
    name: "shop",
    source: "app",
    entry: "index.ts",
    target,
  } as const;
  const [built] =
    (await build([artifact], () => AT, { report: (problem) => void problems.push(problem) })) ?? [];
  const [file] = built?.files ?? [];
  if (file === undefined) throw new Error(`the shop does not build: ${JSON.stringify(problems)}`);
  return new TextDecoder().decode(file.bytes);
}

/** The same as a file in `folder`; answers with its path. */
export async function writeShop(target: BundleTarget, folder: string): Promise<string> {
  const path = join(folder, "shop.mjs");
  writeFileSync(path, await bundleShop(target));
  return path;
}
