import type { Alert } from "../../src/alerts/alert.ts";
import type { DeliveryState, Outbox, PendingAlert } from "../../src/alerts/outbox.ts";

/** An outbox with the call that a ledger makes inside its append. */
export interface FilledOutbox extends Outbox {
  insert(alert: Alert): void | Promise<void>;
}

/** The outbox's contract in the fewest words, to hold the SQL one against. */
export function createMemoryOutbox(): FilledOutbox {
  const entries = new Map<
    string,
    { alert: Alert; told: boolean; finished: boolean; deliveries: Record<string, DeliveryState> }
  >();
  const show = (keep: (entry: { alert: Alert; told: boolean; finished: boolean }) => boolean) =>
    [...entries.values()]
      .filter(keep)
      .sort((a, b) => a.alert.at.localeCompare(b.alert.at) || a.alert.id.localeCompare(b.alert.id))
      .map(
        ({ alert, told, deliveries }): PendingAlert => ({
          alert,
          told,
          deliveries: { ...deliveries },
        }),
      );
  return {
    insert(alert) {
      if (entries.has(alert.id)) return;
      entries.set(alert.id, { alert, told: false, finished: false, deliveries: {} });
    },
    pending: async () => show(({ finished }) => !finished),
    blocking: async (caps) =>
      show(
        ({ alert, told }) => alert.blocks && !told && "cap" in alert && caps.includes(alert.cap),
      ),
    async markAttempt({ id, sink, nextAt }) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      const before = entry.deliveries[sink];
      const attempts = (before?.attempts ?? 0) + 1;
      entry.deliveries[sink] = { attempts, nextAt, accepted: before?.accepted ?? false };
    },
    async markAccepted(id, sink, { counts }) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      const before = entry.deliveries[sink];
      const attempts = (before?.attempts ?? 0) + 1;
      entry.deliveries[sink] = { attempts, nextAt: before?.nextAt ?? 0, accepted: true };
      entry.told ||= counts;
    },
    async finish(id) {
      const entry = entries.get(id);
      if (entry?.told === true) entry.finished = true;
    },
  };
}
