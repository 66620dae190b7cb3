import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

const README = join(import.meta.dirname, "../../README.md");

/** Holds a generated table of the README, between the comments that begin and end with its `name`, to what it should be; with UPDATE_README in the environment it is written anew first. */
export function expectReadmeTable(name: string, table: string): void {
  const mark = new RegExp(`(<!-- ${name}: .*-->\\n)([\\s\\S]*?)(\\n<!-- end of ${name} -->)`);
  if (process.env.UPDATE_README !== undefined)
    writeFileSync(
      README,
      readFileSync(README, "utf8").replace(
        mark,
        (_, begin, _old, end) => `${begin}\n${table}\n${end}`,
      ),
    );
  const found = mark.exec(readFileSync(README, "utf8"))?.[2] ?? "";
  expect(withoutPadding(found)).toBe(withoutPadding(table));
}

/** The formatter pads a table's cells. */
function withoutPadding(table: string): string {
  return table.trim().replace(/ +/g, " ").replace(/-+/g, "-");
}
