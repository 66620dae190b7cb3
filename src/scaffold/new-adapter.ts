import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listGenerated } from "./list-generated.ts";
import { FAMILIES, type Family, toIdentifier } from "./render-registry.ts";

/** Program: `new-adapter.ts <family> <name>` copies the family's `_template` and its test, gives them the name, and registers the adapter. */
const root = join(import.meta.dirname, "../..");
const [family = "", name = ""] = process.argv.slice(2);
const problem = findProblem();
if (problem === undefined) {
  copyTemplate();
  for (const { path, text } of listGenerated(root)) writeFileSync(join(root, path), text);
  process.stdout.write(printNext());
} else {
  process.stderr.write(`new:adapter: ${problem}\nUse: npm run new:adapter <family> <name>\n`);
  process.exitCode = 2;
}

function findProblem(): string | undefined {
  if (!Object.hasOwn(FAMILIES, family))
    return `the family is one of ${Object.keys(FAMILIES).join(", ")}`;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40)
    return "the name is in kebab-case, such as my-bank, of at most 40 characters";
  if (existsSync(join(root, "src/adapters", family, name)))
    return `src/adapters/${family}/${name} is there already`;
  return undefined;
}

function copyTemplate(): void {
  const folder = join(root, "src/adapters", family, name);
  cpSync(join(root, "src/adapters", family, "_template"), folder, { recursive: true });
  for (const file of readdirSync(folder)) rename(join(folder, file));
  const test = join(root, "test", family, `${name}.test.ts`);
  cpSync(join(root, "test", family, "_template.test.ts"), test);
  rename(test);
}

function rename(file: string): void {
  const camel = toIdentifier(name);
  const pascal = `${camel.charAt(0).toUpperCase()}${camel.slice(1)}`;
  const text = readFileSync(file, "utf8")
    .replaceAll("_template", name)
    .replaceAll("Template", pascal)
    .replaceAll(/\btemplate\b/g, camel);
  writeFileSync(file, text);
}

function printNext(): string {
  const folder = `src/adapters/${family as Family}/${name}`;
  const steps = [
    `${folder}/index.ts: declare what it can do, and no more.`,
    `${folder}: build it from the vendor's documents; what they leave open goes into README.md, with the page.`,
    `test/${family}/${name}.test.ts: replace the world in memory by a surface in src/sandbox.`,
    `npx vitest run test/${family}/${name}.test.ts; then UPDATE_README=1 npx vitest run test/${family}, which prints the README's table anew.`,
    "npm run check.",
  ];
  return [
    `${folder} is there, and registered.`,
    "Next:",
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    "",
  ].join("\n");
}
