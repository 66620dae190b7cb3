import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { emitJsonSchema } from "../compiler/1-manifest/emit-json-schema.ts";
import { didYouMean } from "../diagnostics/did-you-mean.ts";
import { MANIFEST_FILE, showPath } from "./find-project.ts";
import { type Outcome, refuse, succeed } from "./outcome.ts";
import type { Workplace } from "./workplace.ts";

const TEMPLATES = fileURLToPath(new URL("../../templates", import.meta.url));
const GITIGNORE = "node_modules/\n.supercargo/\nstacks/*/build/\nstacks/*/opentofu/.terraform*\n";
/** Made by tools, not by authors. */
const SKIPPED = new Set(["node_modules", ".supercargo", "stacks"]);
/** What an otherwise empty folder may hold already. */
const HARMLESS = new Set([".git", ".gitignore", "README.md", "LICENSE", "node_modules"]);

export interface InitQuery {
  /** Default `storefront`. */
  readonly template?: string | undefined;
  /** Default: the working folder; made when absent. */
  readonly dir?: string | undefined;
}

export interface InitResult {
  readonly template: string;
  /** As the user would write it. */
  readonly folder: string;
  /** What was written, sorted, relative to `folder`. */
  readonly files: readonly string[];
}

/** Names of the templates, sorted. */
export function listTemplates(): readonly string[] {
  return readdirSync(TEMPLATES)
    .filter((name) => existsSync(join(TEMPLATES, name, MANIFEST_FILE)))
    .sort();
}

/** Starts a project from a template in an empty folder. Overwrites nothing: a folder with other files in it is refused as it is. */
export function initProject(
  { cwd }: Workplace,
  { template = "storefront", dir = "." }: InitQuery,
): Outcome<InitResult> {
  const templates = listTemplates();
  if (!templates.includes(template)) {
    const guess = didYouMean(template, templates);
    return refuse({
      kind: "usage",
      code: "unknown-template",
      message: `there is no template \`${template}\``,
      remedy:
        guess === undefined ? `Use one of ${templates.join(", ")}.` : `Did you mean \`${guess}\`?`,
    });
  }
  const folder = resolve(cwd, dir);
  const present = existsSync(folder) ? readdirSync(folder) : [];
  const obstacle = present.find((name) => !HARMLESS.has(name));
  if (obstacle !== undefined) {
    return refuse({
      kind: "refused",
      code: "folder-not-empty",
      message: `${showPath(cwd, folder)} is not empty: it holds ${obstacle}`,
      remedy: "Use an empty folder, e.g. with `--dir`.",
    });
  }
  const files = writeTemplate(join(TEMPLATES, template), folder, present);
  const cd = folder === resolve(cwd) ? [] : [`cd ${showPath(cwd, folder)}`];
  return succeed(
    { template, folder: showPath(cwd, folder), files },
    {
      nextSteps: [...cd, "npx supercargo validate", "npx supercargo preview", "npx supercargo up"],
    },
  );
}

function writeTemplate(template: string, folder: string, present: readonly string[]): string[] {
  const files = readdirSync(template, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(template.length + 1))
    .filter((file) => !file.split(/[\\/]/).some((part) => SKIPPED.has(part)));
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(template, file), join(folder, file));
  }
  const schema = `${JSON.stringify(emitJsonSchema("manifest"), undefined, 2)}\n`;
  const extra = { ".gitignore": GITIGNORE, "supercargo.schema.json": schema };
  for (const [file, text] of Object.entries(extra)) {
    if (present.includes(file) || files.includes(file)) continue;
    writeFileSync(join(folder, file), text);
    files.push(file);
  }
  return files.sort();
}
