import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ISSUERS } from "../../src/adapters/issuers/registry.ts";
import { describeIssuers } from "../../src/review/describe-issuers.ts";
import { expectReadmeTable } from "../support/expect-readme-table.ts";
import { listLeftOut } from "./left-out.ts";

/** Cases of the suite that an adapter's test leaves out with a reason, by title. */
function readSkip(id: string): Readonly<Record<string, string>> {
  const text = readFileSync(join(import.meta.dirname, `${id}.test.ts`), "utf8");
  const call = /^testIssuer\((?:.*\);$|[\s\S]*?^(?:\}\)|\));)/m.exec(text)?.[0] ?? "";
  const titles = [...call.matchAll(/^ {2,4}"([^"]+)":/gm)].map(([, title = ""]) => title);
  return Object.fromEntries(titles.map((title) => [title, "in the test"]));
}

function renderTable(): string {
  const ids = ISSUERS.map(({ id }) => id);
  const rows = describeIssuers(ids, ISSUERS).map(({ issuer, title, enforces, ledger }, index) => {
    const profile = ISSUERS[index];
    if (profile === undefined) throw new Error(issuer);
    const skips = listLeftOut(profile.capabilities, readSkip(issuer)).size;
    const passed = skips === 0 ? "whole suite" : `suite but for ${skips} (reasons are printed)`;
    return `| \`${issuer}\` | ${title} | ${enforces.join(", ") || "nothing"} | ${ledger.join(", ") || "nothing"} | ${passed} | ${profile.access} |`;
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
