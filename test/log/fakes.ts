import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { onTestFinished } from "vitest";
import { systemRandom } from "../../src/broker/random.ts";
import { type Cosign, openSealedLog } from "../../src/log/append/sealed-log.ts";
import { type NoteKey, openNoteKey } from "../../src/log/note-key.ts";
import { logFolder, logPath } from "../../src/log/read-log.ts";
import type { LogTrust } from "../../src/log/verify/check-checkpoint.ts";
import { hashEntry } from "../../src/log/verify/merkle-proof.ts";
import { addCheckpoint } from "../../src/log/witness/add-checkpoint.ts";
import { postCheckpoint } from "../../src/log/witness/ask-witness.ts";
import { createCosigner } from "../../src/log/witness/create-cosigner.ts";
import { openWitnessStore, type WitnessStore } from "../../src/log/witness/witness-store.ts";
import { canonicalJson, type Json } from "../../src/util/canonical-json.ts";
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
  let previous = "0".repeat(64);
  const lines = events.map((event, sequence) => {
    const line = canonicalJson({ ...event, sequence, previous } as Json);
    previous = Buffer.from(hashEntry(Buffer.from(line))).toString("hex");
    return { line, leaf: previous };
  });
  writeTable(home, lines);
  rmSync(logFolder(home), { recursive: true });
  mkdirSync(logFolder(home));
  writeFileSync(logPath(home), lines.map(({ line }) => `${line}\n`).join(""));
  await openSealedLog({
    folder: logFolder(home),
    key: openKey(join(home, "log.key"), "log"),
    readEntries: async (from) => lines.slice(from).map(({ line }) => line),
  }).seal();
}

/** Replaces the ledger's copy; the triggers that forbid it are taken away first and put back. */
function writeTable(home: string, lines: readonly { line: string; leaf: string }[]): void {
  const database = new DatabaseSync(join(home, "ledger.sqlite"));
  const triggers = database
    .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'log'")
    .all();
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  database.exec("DELETE FROM log");
  const insert = database.prepare("INSERT INTO log (sequence, entry, leaf) VALUES (?, ?, ?)");
  for (const [sequence, { line, leaf }] of lines.entries()) insert.run(sequence, line, leaf);
  for (const { sql } of triggers) database.exec(String(sql));
  database.close();
}

/** Cosigning by a witness elsewhere, as the guardrails name one. */
export function createCosignerTo(url: string, verifierKey: string): Cosign {
  return createCosigner(async () => ({
    verifierKey,
    addCheckpoint: (body) => postCheckpoint({ url }, body),
  }));
}
