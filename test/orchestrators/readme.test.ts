import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { NEON_CAPABILITIES } from "../../src/adapters/orchestrators/claimable/capabilities.ts";
import {
  TEMPORARY_CAPABILITIES,
  TOKEN_CAPABILITIES,
} from "../../src/adapters/orchestrators/cloudflare/capabilities.ts";
import type {
  OrchestratorCapabilities,
  OrchestratorProfile,
} from "../../src/adapters/orchestrators/contract.ts";
import { expectReadmeTable } from "../support/expect-readme-table.ts";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(ROOT, "src/adapters/orchestrators");

/** Ways of one adapter that differ in what they can do, each with its own word in manifests, where it has one. */
const VARIANTS: Readonly<
  Record<string, readonly (readonly [string, string, OrchestratorCapabilities])[]>
> = {
  claimable: [["", "at Neon", NEON_CAPABILITIES]],
  cloudflare: [
    ["cloudflare-token", "by a handed token", TOKEN_CAPABILITIES],
    ["cloudflare", "temporary account", TEMPORARY_CAPABILITIES],
  ],
};

async function readProfiles(): Promise<readonly OrchestratorProfile[]> {
  const folders = readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "_template")
    .map(({ name }) => name)
    .toSorted();
  return Promise.all(
    folders.map(async (name) => (await import(`${FOLDER}/${name}/index.ts`)).default),
  );
}

async function renderTable(): Promise<string> {
  const profiles = await readProfiles();
  const mark = (is: boolean) => (is ? "yes" : "");
  const describe = (name: string, named: string, title: string, can: OrchestratorCapabilities) =>
    `| ${name} | ${named} | ${title} | ${can.ownership} | ${can.payment} | ${[
      can.links,
      can.provisions,
      can.lists,
      can.rotates,
      can.removes,
      can.endsSessions,
      can.needsClaim,
    ]
      .map(mark)
      .join(" | ")} |`;
  const quote = (name: string) => `\`${name}\``;
  const rows = profiles.flatMap(({ id, names, title, capabilities }) => {
    const variants = VARIANTS[id] ?? [];
    const own = names.filter((name) => !variants.some(([word]) => word === name));
    return [
      describe(quote(id), own.map(quote).join(", ") || "not yet", title, capabilities),
      ...variants.map(([word, variant, can]) => describe("", word && quote(word), variant, can)),
    ];
  });
  return [
    "| adapter | in a manifest | what vouches | whose account | who pays | opens existing | services | lists | rotates | removes | ends sessions | to be claimed |",
    "| - | - | - | - | - | - | - | - | - | - | - | - |",
    ...rows,
  ].join("\n");
}

test("each adapter has a profile, a README and a test with the suite", async () => {
  for (const { id } of await readProfiles()) {
    expect(existsSync(join(FOLDER, id, "README.md")), id).toBe(true);
    const own = readFileSync(join(import.meta.dirname, `${id}.test.ts`), "utf8");
    expect(own, id).toContain("testOrchestrator(");
  }
});

test("the README's table is the one of the adapters", async () => {
  expectReadmeTable("orchestrators", await renderTable());
});
