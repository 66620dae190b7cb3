import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { noteFigure } from "../promises/note-figure.ts";
import { CANARIES } from "./canaries.ts";
import { ENCODINGS, findLeaks, readTree } from "./find-leaks.ts";

/** Texts in which a secret could stand: what a stack, its engine and its tools write, errors included. */
const ARTEFACTS: Readonly<Record<string, (plant: string) => string>> = {
  state: (plant) =>
    `{"version":3,"checkpoint":{"latest":{"resources":[{"outputs":{"x":"${plant}"}}]}}}`,
  "state's backup": (plant) => `{"deployment":{"resources":[{"inputs":{"apiToken":"${plant}"}}]}}`,
  history: (plant) => `{"kind":"update","config":{"shop:key":{"value":"${plant}"}}}`,
  plan: (plant) => `{"resourcePlans":{"urn":{"goal":{"inputDiff":{"adds":{"v":"${plant}"}}}}}}`,
  "preview's events": (plant) => `{"resourcePreEvent":{"metadata":{"new":"${plant}"}}}\n`,
  "program in TypeScript": (plant) => `const token = "${plant}";\n`,
  "settings of a stack": (plant) => `config:\n  shop:token: ${plant}\n`,
  "log of events": (plant) => `{"sequence":1,"name":"act-refused","code":"${plant}"}\n`,
  "pages of a database": (plant) => `SQLite format 3\0\0\0${plant}\0\0`,
  "review for people": (plant) => `| app | create | \`${plant}\` |\n`,
  "output on a terminal": (plant) => `\u001b[31mfailed\u001b[0m with ${plant} after 3 tries\n`,
  "stack trace": (plant) => `Error: bad token ${plant}\n    at send (client.ts:3:1)\n`,
  "request that is told in an error": (plant) => `POST /v4/tokens?key=${plant} 500\n`,
  "answer that is told in an error": (plant) => `{"errors":[{"message":"unknown: ${plant}"}]}`,
  "environment of a dump": (plant) => `PATH=/bin\0CLOUDFLARE_API_TOKEN=${plant}\0HOME=/root\0`,
  "SARIF report": (plant) => `{"runs":[{"results":[{"message":{"text":"${plant}"}}]}]}`,
};

describe("promise 14: the leak detector proves itself", () => {
  const canaries = Object.entries(CANARIES).map(
    ([kind, make]) => [kind, make(randomBytes)] as const,
  );
  const secrets = canaries.map(([, secret]) => secret);

  it("with secrets of 25 kinds, 12 encodings and 15 artefacts at least", () => {
    expect(new Set(secrets).size).toBeGreaterThanOrEqual(25);
    expect(Object.keys(ENCODINGS).length).toBeGreaterThanOrEqual(12);
    expect(Object.keys(ARTEFACTS).length).toBeGreaterThanOrEqual(15);
  });

  it("it finds every kind in every encoding in every artefact", ({ task }) => {
    let plants = 0;
    const missed: string[] = [];
    for (const [kind, secret] of canaries)
      for (const [encoding, encode] of Object.entries(ENCODINGS))
        for (const [artefact, write] of Object.entries(ARTEFACTS)) {
          plants += 1;
          const texts = new Map([["plant", write(encode(secret))]]);
          if (findLeaks(texts, [secret]).length === 0)
            missed.push(`${kind}, ${encoding}, ${artefact}`);
        }
    expect(missed).toEqual([]);
    expect(plants).toBeGreaterThanOrEqual(300);
    noteFigure(task, `${plants} of ${plants} planted leaks found`);
  });

  it("it tells which secret, and finds it in a compressed file, too", () => {
    const folder = mkdtempSync(join(tmpdir(), "supercargo-leaks-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    for (const [index, secret] of secrets.entries()) {
      const path = join(folder, `${index}.gz`);
      writeFileSync(path, gzipSync(`x ${secret} x`));
      expect(findLeaks(readTree(folder), secrets)).toContainEqual(
        expect.objectContaining({
          where: path,
          secret: `${secret.slice(0, 6)}...`,
        }),
      );
    }
  });

  it("it finds nothing where nothing was planted", () => {
    const clean = [...Object.entries(ARTEFACTS)].map(
      ([name, write]) => [name, write(randomBytes(2_000).toString("base64"))] as const,
    );
    expect(findLeaks(new Map(clean), secrets)).toEqual([]);
    expect(
      findLeaks(new Map([["noise", randomBytes(100_000).toString("latin1")]]), secrets),
    ).toEqual([]);
  });
});
