import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import { findForeignCode } from "../../src/deploy/check-state.ts";
import { digestState, judgeState } from "../../src/deploy/judge-state.ts";
import { readCheckpoint } from "../../src/deploy/read-checkpoint.ts";
import { checkpointFile, type StackPlace } from "../../src/deploy/stack-place.ts";
import { SHIM_TEXT } from "../../src/resources/shim-text.ts";

const TYPE = "pulumi-nodejs:dynamic/supercargo:Account";

/** A folder, in memory where there is such a place, for the state of one stack; the caller removes its root. */
export function makeStatePlace(): StackPlace {
  const root = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "sc-state-"));
  const place = { root, folder: join(root, "stacks/shop"), project: "shop", stack: "local" };
  mkdirSync(dirname(checkpointFile(place)), { recursive: true });
  return place;
}

/** A state as our stacks leave it. */
export function printState(serial: number, stack = "local", provider = SHIM_TEXT): string {
  const resource = (name: string, inputs: object) => ({
    urn: `urn:pulumi:${stack}::shop::${TYPE}::${name}`,
    type: TYPE,
    inputs: { __provider: provider, ...inputs },
    outputs: { __provider: SHIM_TEXT, id: `${name}_${serial}` },
  });
  const resources = [resource("address", { domain: "example.com" }), resource("token", {})];
  return JSON.stringify({ version: 3, checkpoint: { stack, latest: { serial, resources } } });
}

/** Changes of the state: flipped, cut and added bytes, edited provider texts, older and newer states, other stacks' states. */
function arbitraryTamper(good: Buffer, serial: number): fc.Arbitrary<Uint8Array> {
  const text = (content: string): Uint8Array => Buffer.from(content);
  const flip = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }));
  const insert = fc.tuple(fc.nat(good.length), fc.uint8Array({ minLength: 1, maxLength: 40 }));
  const edit = fc.tuple(fc.nat(SHIM_TEXT.length), fc.string({ minLength: 1, maxLength: 20 }));
  return fc.oneof(
    flip.map(([at, mask]) => good.map((byte, index) => (index === at ? byte ^ mask : byte))),
    fc.nat(good.length - 1).map((length) => good.subarray(0, length)),
    insert.map(([at, bytes]) => Buffer.concat([good.subarray(0, at), bytes, good.subarray(at)])),
    edit.map(([at, code]) =>
      text(printState(serial, "local", SHIM_TEXT.slice(0, at) + code + SHIM_TEXT.slice(at))),
    ),
    fc
      .nat(serial * 2)
      .filter((other) => other !== serial)
      .map((other) => text(printState(other))),
    fc
      .stringMatching(/^[a-z]{1,12}$/)
      .filter((stack) => stack !== "local")
      .map((stack) => text(printState(serial, stack))),
  );
}

/** Tampers with a sealed state and expects each to be refused before an engine could start. */
export function expectTampersRefused(place: StackPlace, tampers: number, seed: number): void {
  const serial = 50_000;
  const good = Buffer.from(printState(serial));
  const path = checkpointFile(place);
  writeFileSync(path, good);
  const note = { phase: "sealed", digest: digestState(place) } as const;
  fc.assert(
    fc.property(arbitraryTamper(good, serial), (tampered) => {
      writeFileSync(path, tampered);
      expect(judgeState(place, note)).toBe("changed");
    }),
    { numRuns: tampers, seed },
  );
  writeFileSync(path, good);
  expect(judgeState(place, note)).toBe("sealed");
}

/** Edits the provider text and expects it to be found even where the log knows no digest. */
export function expectForeignCodeFound(place: StackPlace, edits: number, seed: number): void {
  const at = fc.nat(SHIM_TEXT.length - 1);
  fc.assert(
    fc.property(at, fc.string({ maxLength: 20 }), (index, code) => {
      const text = SHIM_TEXT.slice(0, index) + code + SHIM_TEXT.slice(index + 1);
      fc.pre(text !== SHIM_TEXT);
      writeFileSync(checkpointFile(place), printState(1, "local", text));
      const checkpoint = readCheckpoint(place);
      if (typeof checkpoint === "string") throw new Error(checkpoint);
      expect(findForeignCode(checkpoint)).toHaveLength(2);
    }),
    { numRuns: edits, seed },
  );
}
