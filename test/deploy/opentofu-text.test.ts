import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { templateText } from "../../src/compiler/4-emit/opentofu/template-text.ts";
import { findOpentofu } from "../../src/deploy/opentofu/find-opentofu.ts";
import { thisMachine } from "../../src/deploy/this-machine.ts";
import { describeCorpus } from "../manifest/shared-corpus.ts";

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

/** Applies a configuration that holds the texts, and reads its outputs. */
function expectReadBack(texts: readonly string[]): void {
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
}

const missing = engine === undefined ? " (skipped: no OpenTofu on this machine)" : "";
if (missing !== "") console.warn("skipped: no OpenTofu on this machine");

describe.skipIf(missing !== "")(
  `promise 20: no manifest injects code: OpenTofu itself reads every text back as it was${missing}`,
  { timeout: 300_000 },
  () => {
    test("marks in every row that could begin, end or escape an expression", () => {
      expect(MARKED.length).toBeGreaterThan(200);
      expectReadBack(MARKED);
    });

    describeCorpus("naughty-strings.json", (files) => {
      const strings = JSON.parse(String([...files.values()][0])) as readonly string[];

      test("the big list of naughty strings", () => {
        expect(strings.length).toBeGreaterThan(500);
        expectReadBack(strings);
      });
    });
  },
);
