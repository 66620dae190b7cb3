import { rmSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { digestState, judgeState, type StateNote } from "../../src/deploy/judge-state.ts";
import { checkpointFile } from "../../src/deploy/stack-place.ts";
import { noteFigure } from "../promises/note-figure.ts";
import { expectTampersRefused, makeStatePlace, printState } from "./tamper-state.ts";

/** Tampers to try; the nightly run has more. */
const TAMPERS = Number(process.env.SUPERCARGO_TAMPERS ?? "10000");

const SEED = Number(process.env.SUPERCARGO_SEED ?? Math.floor(Math.random() * 1_000_000));

const place = makeStatePlace();
const write = (content: string | Uint8Array): void => writeFileSync(checkpointFile(place), content);
const sealed = (): StateNote => ({ phase: "sealed", digest: digestState(place) });

afterAll(() => rmSync(place.root, { recursive: true, force: true }));

describe("promise 16: state cannot be turned into code", () => {
  it(`refuses each of ${TAMPERS} changes of the state, seed ${SEED}`, { timeout: 600_000 }, ({
    task,
  }) => {
    expectTampersRefused(place, TAMPERS, SEED);
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
