import { openAlertBook } from "../../src/broker/ledger/alert-book.ts";
import { type Changes, createChanges, type Row } from "../../src/broker/ledger/tables.ts";
import type { FilledOutbox } from "./memory-outbox.ts";

/** The ledger's alerts, read anew from their rows for every call, as after a crash. */
export function openBookOutbox(): FilledOutbox {
  const rows = new Map<unknown, Row>();
  const open = () => openAlertBook([...rows.values()]);
  const commit = async (work: (changes: Changes) => void): Promise<void> => {
    const changes = createChanges();
    work(changes);
    for (const { rows: changed } of changes.list())
      for (const row of changed) rows.set(row.id, row);
  };
  return {
    insert: (alert) => commit((changes) => open().raise(changes, alert)),
    pending: async () => open().pending(),
    blocking: async (caps) => open().blocking(caps),
    markAttempt: (attempt) => commit((changes) => open().markAttempt(changes, attempt)),
    markAccepted: (id, sink, accepted) =>
      commit((changes) => open().markAccepted(changes, id, sink, accepted)),
    finish: (id, at) => commit((changes) => open().finish(changes, id, at)),
  };
}
