import { type Alert, printAlert } from "../../alerts/alert.ts";
import type { Attempt, DeliveryState, Outbox, PendingAlert } from "../../alerts/outbox.ts";
import type { Json } from "../../util/canonical-json.ts";
import { canonicalJson } from "../../util/canonical-json.ts";
import type { Changes, Row } from "./tables.ts";

/** An alert as the ledger keeps it for ever: the first of its id. */
export interface KeptAlert extends PendingAlert {
  /** Milliseconds since the epoch; undefined while no sink whose word counts has accepted it. */
  readonly toldAt: number | undefined;
  readonly finishedAt: number | undefined;
}

/** The outbox in memory; every change is also a row of `changes`. See {@link Outbox}. */
export interface AlertBook {
  /**
   * Puts an alert in, in the section that it is about. A second one of an id changes nothing, unless it blocks, the first did not, and nobody has heard that
   * one.
   */
  raise(changes: Changes, alert: Alert): void;
  /** Oldest first. */
  list(): readonly KeptAlert[];
  pending(): readonly PendingAlert[];
  blocking(caps: readonly string[]): readonly PendingAlert[];
  markAttempt(changes: Changes, attempt: Attempt): void;
  markAccepted(
    changes: Changes,
    id: string,
    sink: string,
    accepted: Parameters<Outbox["markAccepted"]>[2],
  ): void;
  finish(changes: Changes, id: string, at: number): void;
}

export function openAlertBook(rows: readonly Row[]): AlertBook {
  const byId = new Map<string, KeptAlert>();
  const unfinished = new Map<string, KeptAlert>();
  const keep = (entry: KeptAlert): void => {
    byId.set(entry.alert.id, entry);
    if (entry.finishedAt === undefined) unfinished.set(entry.alert.id, entry);
    else unfinished.delete(entry.alert.id);
  };
  for (const row of rows) keep(readAlert(row));

  const put = (changes: Changes, entry: KeptAlert): void => {
    keep(entry);
    changes.put("alerts", writeAlert(entry));
  };
  const change = (changes: Changes, id: string, next: (entry: KeptAlert) => KeptAlert): void => {
    const entry = byId.get(id);
    const changed = entry && next(entry);
    if (changed !== undefined && changed !== entry) put(changes, changed);
  };
  const deliver = (entry: KeptAlert, sink: string, state: Partial<DeliveryState>): KeptAlert => {
    const before = entry.deliveries[sink] ?? { attempts: 0, nextAt: 0, accepted: false };
    const after = { ...before, ...state, attempts: before.attempts + 1 };
    return { ...entry, deliveries: { ...entry.deliveries, [sink]: after } };
  };

  return {
    raise(changes, alert) {
      const known = byId.get(alert.id);
      if (known !== undefined) {
        // The guardrails have changed: what nobody has heard yet stands in the way from now on.
        if (alert.blocks && !known.alert.blocks && !known.told) put(changes, { ...known, alert });
        return;
      }
      put(changes, {
        alert,
        told: false,
        deliveries: {},
        toldAt: undefined,
        finishedAt: undefined,
      });
    },
    list: () => order(byId),
    pending: () => order(unfinished).map(show),
    blocking: (caps) =>
      order(unfinished)
        .filter(({ alert, told }) => alert.blocks && !told && caps.includes(capOf(alert)))
        .map(show),
    markAttempt: (changes, { id, sink, nextAt }) =>
      change(changes, id, (entry) => deliver(entry, sink, { nextAt })),
    markAccepted: (changes, id, sink, { at, counts }) =>
      change(changes, id, (entry) => {
        const accepted = deliver(entry, sink, { accepted: true });
        return counts ? { ...accepted, told: true, toldAt: entry.toldAt ?? at } : accepted;
      }),
    finish: (changes, id, at) =>
      change(changes, id, (entry) =>
        entry.told && entry.finishedAt === undefined ? { ...entry, finishedAt: at } : entry,
      ),
  };
}

function order(entries: ReadonlyMap<string, KeptAlert>): readonly KeptAlert[] {
  const keyOf = ({ alert }: KeptAlert) => `${alert.at} ${alert.id}`;
  return [...entries.values()].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function show({ alert, told, deliveries }: KeptAlert): PendingAlert {
  return { alert, told, deliveries };
}

/** Empty for an alert about no cap. */
function capOf(alert: Alert): string {
  return "cap" in alert ? alert.cap : "";
}

function writeAlert({ alert, deliveries, toldAt, finishedAt }: KeptAlert): Row {
  return {
    id: alert.id,
    cap: capOf(alert),
    body: printAlert(alert),
    deliveries: canonicalJson(deliveries as unknown as Json),
    told_at: toldAt ?? null,
    finished_at: finishedAt ?? null,
  };
}

function readAlert(row: Row): KeptAlert {
  const time = (value: Row[string] | undefined): number | undefined =>
    value === null || value === undefined ? undefined : Number(value);
  return {
    alert: JSON.parse(String(row.body)) as Alert,
    deliveries: JSON.parse(String(row.deliveries)) as PendingAlert["deliveries"],
    told: time(row.told_at) !== undefined,
    toldAt: time(row.told_at),
    finishedAt: time(row.finished_at),
  };
}
