import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { VENDORS } from "../../src/adapters/vendors/registry.ts";
import { expectReadmeTable } from "../support/expect-readme-table.ts";
import { KIND_CASES, tryKind } from "./kind-cases.ts";

async function renderTable(): Promise<string> {
  const kinds = Object.keys(KIND_CASES);
  const rows: string[] = [];
  for (const vendor of VENDORS) {
    const cells: string[] = [];
    for (const kind of kinds) {
      const answer = await tryKind(vendor, kind);
      if (answer.kind === "served") cells.push("yes");
      // Who hosts no app is nobody's place for a whole manifest.
      else if (answer.kind === "elsewhere" && !vendor.kinds.has("app")) cells.push("");
      else cells.push(answer.kind === "elsewhere" ? `at ${answer.where}` : "no");
    }
    rows.push(`| \`${vendor.id}\` | ${cells.join(" | ")} |`);
  }
  return [
    `| \`provider\` | ${kinds.join(" | ")} |`,
    `| - |${kinds.map(() => " - |").join("")}`,
    ...rows,
  ].join("\n");
}

describe("vendors", () => {
  it.each(VENDORS)("$id has the family's suite run on it", ({ id }) => {
    const file = join(import.meta.dirname, `${id}.test.ts`);
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, "utf8")).toMatch(/^testVendor\(/m);
  });

  it("are in the README's table with what they lower", async () => {
    expectReadmeTable("vendors", await renderTable());
  });
});
