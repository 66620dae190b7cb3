import type { Ledger } from "../../../src/broker/ledger/ledger.ts";
import { openLedger } from "../../../src/broker/ledger/open-ledger.ts";
import { LedgerStorageError, type LedgerStore } from "../../../src/broker/ledger/store.ts";
import { createMutex } from "../../../src/broker/mutex.ts";
import type { Limits } from "../../../src/compiler/1-manifest/guardrails.ts";
import type { Draws } from "./draws.ts";
import { type MemoryDisk, openMemoryStore } from "./memory-store.ts";

/** The process was killed. */
export class Death extends Error {
  override readonly name = "Death";
}

/** A process with the ledger open, which can be killed before or after any of its commits. */
export interface MortalProcess {
  readonly ledger: Ledger;
  readonly agent: string;
  readonly exclusively: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  readonly isDead: boolean;
  /** Kills it at one of its next commits. */
  doom(commits: number): void;
}

/** Storage that fails once in `1 / failure` commits, before or after they are written. */
export function openMortalProcess(
  disk: MemoryDisk,
  options: {
    readonly limits: Limits;
    readonly agent: string;
    readonly now: () => number;
    readonly draws: Draws;
    readonly failure: number;
  },
): MortalProcess {
  const { limits, agent, now, draws, failure } = options;
  const inner = openMemoryStore(disk, "writer");
  let isDead = false;
  let commitsLeft = Number.POSITIVE_INFINITY;
  const live = (): void => {
    if (isDead) throw new Death();
  };
  const store: LedgerStore = {
    ...inner,
    async read(work) {
      live();
      return inner.read(work);
    },
    async commit(...args) {
      live();
      commitsLeft -= 1;
      isDead = commitsLeft <= 0;
      const fails = isDead || draws.chance(failure);
      const isWritten = !fails || draws.chance(0.5);
      if (isWritten) await inner.commit(...args);
      live();
      if (fails) throw new LedgerStorageError("unplugged");
    },
  };
  const ledger = openLedger(store, {
    ...{ limits, agent, now, mode: "writer" },
    // Never exported: the log's table is what is checked.
    ...{ logPath: "/nowhere/events.jsonl", seenPath: "/nowhere/seen.json" },
  });
  return {
    ...{ ledger, agent, exclusively: createMutex() },
    get isDead() {
      return isDead;
    },
    doom(commits) {
      commitsLeft = commits;
    },
  };
}
