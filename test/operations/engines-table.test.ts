import { expect, test } from "vitest";
import { VENDORS } from "../../src/adapters/vendors/registry.ts";
import { ENGINES, type EngineId } from "../../src/compiler/vocabulary.ts";
import { isApplied } from "../../src/operations/refuse-printed.ts";
import { refuseUnmirrored } from "../../src/operations/refuse-unmirrored.ts";
import { refuseUnplayed } from "../../src/operations/refuse-unplayed.ts";
import { compileText, manifestWith } from "../compile/compile-text.ts";
import { expectReadmeTable } from "../support/expect-readme-table.ts";

/** How far a stack of one app at a vendor gets here with an engine, by what the commands themselves ask. */
async function reach(engine: EngineId, provider: string): Promise<string> {
  const manifest = JSON.parse(manifestWith({ shop: { kind: "app", source: "./app" } })) as object;
  const { diagnostics, files, lowered } = await compileText(
    JSON.stringify({ ...manifest, engine, provider }),
  );
  if (diagnostics.some(({ severity }) => severity === "error")) return "no";
  if (files === undefined || lowered === undefined) throw new Error("nothing without an error");
  expect(files.size).toBeGreaterThan(0);
  // What is printed alone is reviewed as it was printed.
  if (!isApplied(engine)) return "printed";
  if (refuseUnmirrored(engine, lowered, "plan") !== undefined) return "printed";
  const unapplied = refuseUnplayed(lowered) ?? refuseUnmirrored(engine, lowered, "apply");
  return unapplied === undefined ? "applied" : "previewed";
}

test("the README says how far each engine gets at each vendor", async () => {
  const rows: string[] = [];
  for (const { id } of VENDORS) {
    const cells: string[] = [];
    for (const engine of ENGINES) cells.push(await reach(engine, id));
    rows.push(`| \`${id}\` | ${cells.join(" | ")} |`);
  }
  const table = [
    `| \`provider\` | ${ENGINES.map((engine) => `\`${engine}\``).join(" | ")} |`,
    `| - |${ENGINES.map(() => " - |").join("")}`,
    ...rows,
  ].join("\n");
  expectReadmeTable("engines", table);
});
