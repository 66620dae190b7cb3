import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { findForeignCode } from "../../src/deploy/check-state.ts";
import { readCheckpoint } from "../../src/deploy/read-checkpoint.ts";
import { checkpointFile, type StackPlace } from "../../src/deploy/stack-place.ts";
import { SHIM_TEXT } from "../../src/resources/shim-text.ts";

const root = mkdtempSync(join(tmpdir(), "supercargo-state-"));
const place: StackPlace = { root, folder: root, project: "shop", stack: "local" };
afterAll(() => rmSync(root, { recursive: true, force: true }));

const TYPE = "pulumi-nodejs:dynamic/supercargo:Account";

interface Stored {
  urn?: string;
  type: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/** Writes the state as the file backend does and judges it. */
function judge(resources: readonly Stored[], pending: readonly Stored[] = []): readonly string[] {
  const named = (stored: Stored) => ({ urn: `urn:pulumi:l::s::${stored.type}::x`, ...stored });
  const latest = {
    resources: resources.map(named),
    pending_operations: pending.map((stored) => ({ type: "creating", resource: named(stored) })),
  };
  mkdirSync(dirname(checkpointFile(place)), { recursive: true });
  writeFileSync(checkpointFile(place), JSON.stringify({ version: 3, checkpoint: { latest } }));
  const checkpoint = readCheckpoint(place);
  if (typeof checkpoint === "string") throw new Error(checkpoint);
  return findForeignCode(checkpoint);
}

const ours: Stored = {
  type: TYPE,
  inputs: { __provider: SHIM_TEXT },
  outputs: { __provider: SHIM_TEXT },
};

describe("promise 16: state cannot be turned into code: findForeignCode", () => {
  it("lets our own state pass", () => {
    const plugins: Stored[] = [
      { type: "pulumi:providers:pulumi-nodejs" },
      { type: "pulumi:providers:cloudflare", inputs: { __internal: {}, version: "6.22.1" } },
    ];
    expect(judge([{ type: "pulumi:pulumi:Stack" }, ...plugins, ours], [ours])).toEqual([]);
    expect(judge([], [{ type: TYPE }])).toEqual([]);
  });

  it("finds every change of the provider text, in inputs, outputs and pending operations", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: SHIM_TEXT.length - 1 }),
        fc.string({ minLength: 0, maxLength: 3 }),
        fc.constantFrom("inputs", "outputs", "pending"),
        (index, insert, where) => {
          const text = SHIM_TEXT.slice(0, index) + insert + SHIM_TEXT.slice(index + 1);
          fc.pre(text !== SHIM_TEXT);
          const side = where === "outputs" ? "outputs" : "inputs";
          const tampered = { ...ours, [side]: { __provider: text } };
          const found = where === "pending" ? judge([ours], [tampered]) : judge([ours, tampered]);
          expect(found).toHaveLength(1);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("finds provider text that is missing, encrypted or hung on a resource of another type", () => {
    const encrypted = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    expect(judge([{ type: TYPE, inputs: { provider: "cloudflare" } }])).toHaveLength(1);
    expect(judge([{ type: TYPE, inputs: { __provider: encrypted } }])).toHaveLength(1);
    expect(judge([{ type: "random:index:X", inputs: { __provider: "code" } }])).toHaveLength(1);
    expect(judge([{ type: "pulumi-python:dynamic:Resource", inputs: { a: 1 } }])).toHaveLength(1);
  });

  it("finds plugins that our stacks do not use or that come from a place of their own", () => {
    expect(judge([{ type: "pulumi:providers:command" }])).toHaveLength(1);
    const type = "pulumi:providers:cloudflare";
    const elsewhere = "https://evil.example/";
    expect(judge([{ type, inputs: { pluginDownloadURL: elsewhere } }])).toHaveLength(1);
    expect(
      judge([{ type, inputs: { __internal: { pluginDownloadURL: elsewhere } } }]),
    ).toHaveLength(1);
  });

  it("knows the one place from which a package of others comes, and no other", () => {
    const source = "github://api.github.com/pulumiverse";
    const places = (pluginDownloadURL: unknown) => [
      { pluginDownloadURL },
      { __internal: { pluginDownloadURL } },
    ];
    for (const inputs of places(source)) {
      expect(judge([{ type: "pulumi:providers:vercel", inputs }])).toEqual([]);
      expect(judge([{ type: "pulumi:providers:aws", inputs }])).toHaveLength(1);
    }
    for (const inputs of [...places("https://evil.example/"), ...places([source])])
      expect(judge([{ type: "pulumi:providers:vercel", inputs }])).toHaveLength(1);
    const more = { __internal: { pluginDownloadURL: source, envVarMappings: { A: "B" } } };
    expect(judge([{ type: "pulumi:providers:vercel", inputs: more }])).toHaveLength(1);
  });
});

describe("readCheckpoint", () => {
  it("tells absent from unreadable", () => {
    expect(readCheckpoint({ ...place, stack: "other" })).toBe("absent");
    for (const text of ["", "{", "[]", "{}", '{"checkpoint":{"latest":{"resources":1}}}']) {
      writeFileSync(checkpointFile(place), text);
      expect(readCheckpoint(place), text).toBe("unreadable");
    }
  });
});
