import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BundleTarget } from "../../src/adapters/vendors/contract.ts";
import { createArtifactBuilder } from "../../src/compiler/4-emit/build-artifacts.ts";
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
  const path = join(PROJECT_ROOT, "templates", template);
  const build = createArtifactBuilder({ path, shown: path });
  const problems: unknown[] = [];
  const artifact = { kind: "bundle", name: "app", source: "app", entry: "index.ts" } as const;
  const sink = { report: (problem: unknown) => void problems.push(problem) };
  const [built] = (await build([{ ...artifact, target }], () => AT, sink)) ?? [];
  const [file] = built?.files ?? [];
  if (file === undefined) throw new Error(`it does not build: ${JSON.stringify(problems)}`);
  return new TextDecoder().decode(file.bytes);
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
