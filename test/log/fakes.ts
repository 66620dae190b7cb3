import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { onTestFinished } from "vitest";
import { systemRandom } from "../../src/broker/random.ts";
import { type Cosign, openSealedLog } from "../../src/log/append/sealed-log.ts";
import { openLogFile } from "../../src/log/log-file.ts";
import { LOG_SCHEMA, openLogTable } from "../../src/log/log-table.ts";
import { type NoteKey, openNoteKey } from "../../src/log/note-key.ts";
import { logFolder, logPath } from "../../src/log/read-log.ts";
import type { LogTrust } from "../../src/log/verify/check-checkpoint.ts";
import { addCheckpoint } from "../../src/log/witness/add-checkpoint.ts";
import { postCheckpoint } from "../../src/log/witness/ask-witness.ts";
import { createCosigner } from "../../src/log/witness/create-cosigner.ts";
import { openWitnessStore, type WitnessStore } from "../../src/log/witness/witness-store.ts";
import { makeHome } from "../broker/fakes/bench.ts";

/** A witness with its own key and folder, without a process around it. */
export interface BenchWitness {
  readonly folder: string;
  readonly store: WitnessStore;
  readonly verifierKey: string;
  /** For `BrokerOptions.witness`. */
  readonly witness: (logKey: string) => Cosign;
  /** Requests that it got. */
  requests: number;
  /** Answers nothing any more. */
  down: boolean;
  /** What it knows of a log, as `log verify` is told. */
  trust(home: string): LogTrust;
}

export function createBenchWitness(now: () => number = Date.now): BenchWitness {
  const folder = makeHome();
  const store = openWitnessStore(folder);
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const key = openKey(join(folder, "witness.key"), "witness");
  const bench: BenchWitness = {
    folder,
    store,
    verifierKey: key.verifierKey,
    requests: 0,
    down: false,
    witness(logKey) {
      store.admit(logKey.split("+")[0] ?? "", logKey);
      return createCosigner(async () => ({
        verifierKey: key.verifierKey,
        async addCheckpoint(body) {
          bench.requests += 1;
          return bench.down ? undefined : addCheckpoint({ store, key, now }, body);
        },
      }));
    },
    trust(home) {
      const { name, verifierKey } = openKey(join(home, "log.key"), "log");
      return { logKey: verifierKey, witnessKey: key.verifierKey, seen: store.newest(name) };
    },
  };
  return bench;
}

export function openKey(path: string, kind: "log" | "witness"): NoteKey {
  const random = (count: number) => systemRandom.bytes(count);
  const opened = openNoteKey(path, { kind, mayCreate: true, random });
  if (!opened.ok) throw new Error(opened.code);
  return opened.key;
}

/** What a thief of the whole home can do: every copy written anew from these events, with the log's own key. */
export async function forgeLog(
  home: string,
  events: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  rmSync(logFolder(home), { recursive: true });
  const database = new DatabaseSync(join(home, "ledger.sqlite"));
  database.exec(`DROP TABLE log; ${LOG_SCHEMA}`);
  const table = openLogTable(database);
  for (const { sequence: _, previous: __, at, ...event } of events)
    table.append(event as never, Date.parse(String(at)));
  openLogFile(database, logPath(home)).export();
  await openSealedLog({
    folder: logFolder(home),
    key: openKey(join(home, "log.key"), "log"),
    readEntries: async (from) => table.entries(from),
  }).seal();
  database.close();
}

/** Cosigning by a witness elsewhere, as the guardrails name one. */
export function createCosignerTo(url: string, verifierKey: string): Cosign {
  return createCosigner(async () => ({
    verifierKey,
    addCheckpoint: (body) => postCheckpoint({ url }, body),
  }));
}
