import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { listGenerated } from "./list-generated.ts";

/** Program: writes the registries of the adapters, or, with `--check`, exits with 1 when one differs from what its folders say. */
const root = join(import.meta.dirname, "../..");
const { values } = parseArgs({ options: { check: { type: "boolean" } } });
const stale = listGenerated(root).filter(({ path, text }) => {
  const file = join(root, path);
  return !existsSync(file) || readFileSync(file, "utf8") !== text;
});
for (const { path, text } of stale) {
  if (values.check !== true) writeFileSync(join(root, path), text);
  const verb = values.check === true ? "is not what `npm run gen` writes" : "written";
  process.stdout.write(`${path}: ${verb}\n`);
}
if (values.check === true && stale.length > 0) process.exitCode = 1;
