import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { templateText } from "../../src/compiler/4-emit/opentofu/template-text.ts";
import { findOpentofu } from "../../src/deploy/opentofu/find-opentofu.ts";
import { thisMachine } from "../../src/deploy/this-machine.ts";

const SHARED = process.env.SUPERCARGO_SHARED ?? join(import.meta.dirname, "../../../shared");
const BLNS = join(SHARED, "corpora/naughty-strings.json");
const OPEN = "$\u007b";

/** Marks in every row that could begin, end or escape an expression. */
const MARKED = ["", "$", "$$", "$$$", "%", "%%", "$%", "%$", "\\", "\\$", '"', "~", "\n"].flatMap(
  (before) =>
    [`${OPEN}x}`, "%{ if true }", "{", "}", `${OPEN}`, ""].flatMap((marks) => [
      `${before}${marks}`,
      `a${before}${marks}b`,
      `${marks}${before}`,
    ]),
);

const engine = await findOpentofu(thisMachine());

/** OpenTofu keeps text in the composed form, has no half characters, and drops a byte-order mark in front, which no manifest may hold. */
function asStored(text: string): string {
  return text
    .toWellFormed()
    .normalize("NFC")
    .replace(/^\ufeff/, "");
}

test.skipIf(engine === undefined)(
  "promise 20: no manifest injects code: OpenTofu itself reads every text back as it was",
  { timeout: 120_000 },
  () => {
    const naughty = existsSync(BLNS)
      ? (JSON.parse(readFileSync(BLNS, "utf8")) as readonly string[])
      : [];
    const texts = [...MARKED, ...naughty];
    const folder = mkdtempSync(join(tmpdir(), "supercargo-texts-"));
    try {
      const value = texts.map((text) => ({
        alone: templateText([text]),
        before: templateText([text, { expression: "local.mark" }]),
        key: { [templateText([`k${text}`])]: true },
      }));
      const configuration = { locals: { mark: "MARK" }, output: { texts: { value } } };
      writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration));
      const env = { HOME: folder, PATH: "/usr/bin:/bin", CHECKPOINT_DISABLE: "1" };
      const run = (...args: string[]) =>
        execFileSync(engine?.command ?? "", args, {
          cwd: folder,
          env,
          encoding: "utf8",
          maxBuffer: 1 << 26,
        });
      run("apply", "-auto-approve", "-input=false");
      const read = JSON.parse(run("output", "-json", "texts")) as unknown;
      expect(read).toEqual(
        texts.map((text) => ({
          alone: asStored(text),
          before: asStored(`${text}MARK`),
          key: { [asStored(`k${text}`)]: true },
        })),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
