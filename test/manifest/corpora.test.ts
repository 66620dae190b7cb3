import { expect, test } from "vitest";
import { parse } from "yaml";
import { buildModel } from "../../src/compiler/2-model/build-model.ts";
import { modelInput } from "../model/model-input.ts";
import { read, readRules } from "./read-text.ts";
import { describeCorpus } from "./shared-corpus.ts";
import { STOREFRONT, writePositions } from "./storefront-positions.ts";

/** Reads as far as it goes: a model or an error, never a throw. */
function compileAll(content: string | Uint8Array): readonly string[] {
  const { value, codes } = read(content);
  const found = [...codes];
  const model =
    value &&
    buildModel(modelInput(value), {
      report: ({ code, severity }) => found.push(`${severity} ${code}`),
    });
  expect(model !== undefined || found.length > 0).toBe(true);
  return found;
}

interface SuiteCase {
  readonly name?: string;
  readonly yaml?: string;
  readonly fail?: boolean;
}

/** The suite writes characters that cannot be seen with visible ones. */
function toRealText(text: string): string {
  return text
    .replaceAll("\u2423", " ")
    .replace(/\u2014*\u00bb/g, "\t")
    .replaceAll("\u21d4", "\ufeff")
    .replaceAll("\u2190", "\r")
    .replaceAll("\u21b5", "")
    .replace(/\u220e\n$/, "");
}

describeCorpus("yaml-test-suite", (files) => {
  test("holds the whole suite", () => {
    expect(files.size).toBeGreaterThan(300);
  });

  test.each([...files])("%s as it is gives a diagnostic", (_file, bytes) => {
    expect(compileAll(bytes)).not.toEqual([]);
    readRules(bytes.toString());
  });

  test.each([...files])(
    "the cases of %s give diagnostics, of syntax where YAML is broken",
    (_file, bytes) => {
      for (const { yaml, fail } of parse(bytes.toString()) as readonly SuiteCase[]) {
        if (yaml === undefined) continue;
        const codes = compileAll(toRealText(yaml));
        const ofYaml = codes.filter((code) => code === "SC1005");
        // Anchors, tags, directives and documents are refused by codes of their own before syntax is looked at.
        if (fail === true) expect(codes.some((code) => code.startsWith("SC1"))).toBe(true);
        else expect(ofYaml).toEqual([]);
      }
    },
  );
});

describeCorpus("naughty-strings.json", (files) => {
  const strings = JSON.parse(String([...files.values()][0])) as readonly string[];
  const positions = writePositions(STOREFRONT);

  test("holds the whole list", () => {
    expect(strings.length).toBeGreaterThan(500);
    expect(positions.length).toBeGreaterThan(60);
  });

  test.each(positions)("every string as $name gives a model or a diagnostic", ({ write }) => {
    for (const string of strings) {
      compileAll(write(JSON.stringify(string)));
      compileAll(write(string));
    }
  });
});
