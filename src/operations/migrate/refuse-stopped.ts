import { SourceError } from "../../adapters/vendors/migration-source.ts";
import { type Refusal, refuse } from "../outcome.ts";
import { MigrationStop } from "./migration-stop.ts";

const REASONS: Readonly<Record<string, string>> = {
  "hold-too-long":
    "is too large: comparing it takes so long that requests which wait for the switch would fail",
  "data-differs":
    "still differs between the two places after it was carried over twice: it holds something that cannot be carried",
  "queue-not-empty": "still has messages: no app consumes them, or they are delayed, or fail",
};
const REMEDIES: Readonly<Record<string, string>> = {
  "queue-not-empty":
    "Empty the queue, with a consumer or by hand, or wait until its messages are due; then run the same command again: it goes on where it was.",
};

/** Why a phase cannot go on, for people. Throws what is no error. */
export function refuseStopped(error: unknown): Refusal {
  const stop = error instanceof MigrationStop ? error : undefined;
  if (stop === undefined && !(error instanceof Error)) throw error;
  const reason = stop && REASONS[stop.code];
  return refuse({
    kind: "remote",
    code: stop?.code ?? "migration-broken-off",
    message:
      stop === undefined
        ? `a place did not answer as it should${error instanceof SourceError ? `: ${error.code}` : ""}`
        : `\`${stop.resource}\` ${reason}`,
    remedy: REMEDIES[stop?.code ?? ""] ?? "Run the same command again: it goes on where it was.",
  });
}
