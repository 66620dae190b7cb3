import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ISSUERS } from "../../src/adapters/issuers/registry.ts";
import { describeIssuers } from "../../src/review/describe-issuers.ts";
import { expectReadmeTable } from "../support/expect-readme-table.ts";

/** Cases of the suite that an adapter's test leaves out with a reason. */
function countSkips(id: string): number {
  const text = readFileSync(join(import.meta.dirname, `${id}.test.ts`), "utf8");
  const call = /^testIssuer\((?:.*\);$|[\s\S]*?^(?:\}\)|\));)/m.exec(text)?.[0] ?? "";
  return [...call.matchAll(/^ {2,4}"[^"]+":/gm)].length;
}

function renderTable(): string {
  const ids = ISSUERS.map(({ id }) => id);
  const rows = describeIssuers(ids, ISSUERS).map(({ issuer, title, enforces, ledger }, index) => {
    const skips = countSkips(issuer);
    const passed = skips === 0 ? "whole suite" : `suite but for ${skips} (reasons in the test)`;
    const { access = "" } = ISSUERS[index] ?? {};
    return `| \`${issuer}\` | ${title} | ${enforces.join(", ") || "nothing"} | ${ledger.join(", ") || "nothing"} | ${passed} | ${access} |`;
  });
  return [
    "| `payment` | what it issues | the token itself enforces | our ledger and broker enforce | passed | who can have it |",
    "| - | - | - | - | - | - |",
    ...rows,
  ].join("\n");
}

describe("issuers", () => {
  it.each(ISSUERS)("$id has the family's suite run on it", ({ id }) => {
    const file = join(import.meta.dirname, `${id}.test.ts`);
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, "utf8")).toMatch(/^testIssuer\(/m);
  });

  it("are in the README's table as they are declared and tested", () => {
    expectReadmeTable("issuers", renderTable());
  });
});
