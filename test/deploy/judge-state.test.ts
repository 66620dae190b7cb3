import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digestState, judgeState, type StateNote } from "../../src/deploy/judge-state.ts";
import { checkpointFile, type StackPlace } from "../../src/deploy/stack-place.ts";
import { SHIM_TEXT } from "../../src/resources/shim-text.ts";
import { noteFigure } from "../promises/note-figure.ts";

/** Tampers to try; the nightly run has more. */
const TAMPERS = Number(process.env.SUPERCARGO_TAMPERS ?? "10000");

const root = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "sc-state-"));
const place: StackPlace = {
  root,
  folder: join(root, "stacks/shop"),
  project: "shop",
  stack: "local",
};

function printState(serial: number, stack = "local"): string {
  const resource = (name: string, inputs: object) => ({
    urn: `urn:pulumi:${stack}::shop::pulumi-nodejs:dynamic:Resource::${name}`,
    type: "pulumi-nodejs:dynamic:Resource",
    inputs: { __provider: SHIM_TEXT, ...inputs },
    outputs: { __provider: SHIM_TEXT, id: `${name}_${serial}` },
  });
  const resources = [resource("address", { domain: "example.com" }), resource("token", {})];
  return JSON.stringify({ version: 3, checkpoint: { stack, latest: { serial, resources } } });
}

const write = (content: string | Uint8Array): void => writeFileSync(checkpointFile(place), content);
const sealed = (): StateNote => ({ phase: "sealed", digest: digestState(place) });

beforeAll(() => mkdirSync(dirname(checkpointFile(place)), { recursive: true }));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("promise 16: state cannot be turned into code", () => {
  it(`refuses each of ${TAMPERS} changes of the state's bytes`, { timeout: 600_000 }, ({
    task,
  }) => {
    const good = Buffer.from(printState(7));
    write(good);
    const note = sealed();
    const flip = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }));
    const cut = fc.nat(good.length - 1);
    const insert = fc.tuple(fc.nat(good.length), fc.uint8Array({ minLength: 1, maxLength: 40 }));
    fc.assert(
      fc.property(
        fc.oneof(
          flip.map(([at, mask]) => good.map((byte, index) => (index === at ? byte ^ mask : byte))),
          cut.map((length) => good.subarray(0, length)),
          insert.map(([at, bytes]) =>
            Buffer.concat([good.subarray(0, at), bytes, good.subarray(at)]),
          ),
        ),
        (tampered) => {
          write(tampered);
          expect(judgeState(place, note)).toBe("changed");
        },
      ),
      { numRuns: TAMPERS },
    );
    write(good);
    expect(judgeState(place, note)).toBe("sealed");
    noteFigure(task, `0 of ${TAMPERS} tampers passed`);
  });

  it("refuses an older state, another stack's and none at all", () => {
    write(printState(1));
    const older = printState(1);
    write(printState(2));
    const note = sealed();
    for (const other of [older, printState(2, "prod")]) {
      write(other);
      expect(judgeState(place, note)).toBe("changed");
    }
    rmSync(checkpointFile(place));
    expect(judgeState(place, note)).toBe("changed");
  });

  it("takes no state on trust that the log knows nothing of, unless nothing is in it", () => {
    expect(judgeState(place, undefined)).toBe("fresh");
    write(printState(1));
    expect(judgeState(place, undefined)).toBe("changed");
    write(JSON.stringify({ version: 3, checkpoint: { latest: { resources: [] } } }));
    expect(judgeState(place, undefined)).toBe("fresh");
  });

  it("knows that a run which died leaves a state of unknown digest", () => {
    write(printState(3));
    expect(judgeState(place, { phase: "opened" })).toBe("open");
  });
});
