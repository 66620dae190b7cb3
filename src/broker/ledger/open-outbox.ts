import type { Outbox } from "../../alerts/outbox.ts";
import type { GroupCommit } from "./group-commit.ts";

/** The ledger's outbox: deliveries are commits like all others, so they are fenced and durable when they resolve. */
export function openOutbox(read: GroupCommit["run"], write: GroupCommit["run"]): Outbox {
  return {
    pending: () => read(({ state }) => state.alerts.pending()),
    blocking: (caps) => read(({ state }) => state.alerts.blocking(caps)),
    markAttempt: (attempt) =>
      write(({ state, changes }) => state.alerts.markAttempt(changes, attempt)),
    markAccepted: (id, sink, accepted) =>
      write(({ state, changes }) => state.alerts.markAccepted(changes, id, sink, accepted)),
    finish: (id, at) => write(({ state, changes }) => state.alerts.finish(changes, id, at)),
  };
}
