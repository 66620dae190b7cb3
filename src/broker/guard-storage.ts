import { LogContradictionError, MissingWitnessError } from "../log/append/sealed-log.ts";
import { LogAheadError } from "../log/log-file.ts";
import { WitnessError, type WitnessRefusal } from "../log/witness/create-cosigner.ts";
import { memberAt } from "../util/json-access.ts";
import { type BrokerErrorCode, type BrokerFailure, fail } from "./errors.ts";
import { LedgerRolledBackError, LedgerStorageError, StaleWriterError } from "./ledger/store.ts";

/** Turns what the disk, another writer or the witness does into a failure. Everything else that is thrown is a bug and passes. */
export async function guardStorage<T extends { readonly ok: boolean }>(
  work: () => Promise<T>,
): Promise<T | BrokerFailure> {
  try {
    return await work();
  } catch (error) {
    const code = storageFailure(error);
    if (code === undefined) throw error;
    return fail(code);
  }
}

type StorageCode = Extract<
  BrokerErrorCode,
  | "stale_writer"
  | "ledger_rolled_back"
  | "ledger_unwritable"
  | "log_unwritable"
  | "log_contradicted"
  | "log_rolled_back"
  | "log_forked"
  | "witness_unreachable"
  | "witness_unknown_log"
>;

const REFUSALS: Readonly<Record<WitnessRefusal, StorageCode>> = {
  unreachable: "witness_unreachable",
  unknown_log: "witness_unknown_log",
  ahead: "log_rolled_back",
  forked: "log_forked",
};

function storageFailure(error: unknown): StorageCode | undefined {
  if (error instanceof StaleWriterError) return "stale_writer";
  if (error instanceof LogAheadError || error instanceof LedgerRolledBackError)
    return "ledger_rolled_back";
  if (error instanceof LogContradictionError) return "log_contradicted";
  if (error instanceof MissingWitnessError) return "witness_unreachable";
  if (error instanceof WitnessError) return REFUSALS[error.refusal];
  if (error instanceof LedgerStorageError) return "ledger_unwritable";
  if (typeof memberAt(error, "syscall") !== "string") return undefined;
  // A write that fails names no path; only the log's files are written by hand.
  const path = memberAt(error, "path");
  const isLog = typeof path !== "string" || path.split("/").includes("log");
  return isLog ? "log_unwritable" : "ledger_unwritable";
}
