import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Outbox } from "../../src/alerts/outbox.ts";
import { blockingAlert, NOW, testAlert } from "./arbitraries.ts";
import { openBookOutbox } from "./book-outbox.ts";
import { createMemoryOutbox, type FilledOutbox } from "./memory-outbox.ts";

const ALERTS = [blockingAlert("a"), blockingAlert("b"), testAlert("c"), blockingAlert("")];
const refused = { kind: "refused", code: "http_500" } as const;

/** Everything that the outbox shows. */
const look = async (outbox: Outbox) => ({
  pending: await outbox.pending(),
  blocking: await outbox.blocking(["a", "b", "x"]),
});

const step = fc.tuple(
  fc.constantFrom("insert", "attempt", "accept", "accept-uncounted", "finish"),
  fc.integer({ min: 0, max: ALERTS.length - 1 }),
  fc.constantFrom("log", "webhook x", "mail y"),
);

async function take(
  outbox: FilledOutbox,
  [action, index, sink]: readonly [string, number, string],
): Promise<void> {
  const alert = ALERTS[index] ?? blockingAlert();
  const { id } = alert;
  if (action === "insert") await outbox.insert(alert);
  else if ((await outbox.pending()).every(({ alert }) => alert.id !== id)) return;
  else if (action === "attempt")
    await outbox.markAttempt({ id, sink, answer: refused, at: NOW, nextAt: NOW + 5_000 });
  else if (action === "finish") await outbox.finish(id, NOW);
  else await outbox.markAccepted(id, sink, { at: NOW, counts: action === "accept" });
}

const steps = fc.array(step, { maxLength: 25 });

async function compare(
  expected: FilledOutbox,
  outbox: FilledOutbox,
  actions: readonly (readonly [string, number, string])[],
): Promise<void> {
  for (const action of actions) {
    await take(expected, action);
    await take(outbox, action);
    expect(await look(outbox)).toEqual(await look(expected));
  }
}

describe("promise 7: the outbox loses nothing and keeps each alert once", () => {
  test.each([
    ["in memory", createMemoryOutbox],
    ["in the ledger's rows", openBookOutbox],
  ] as const)("%s", async (_name, open) => {
    const outbox = open();
    const alert = blockingAlert("a");
    await outbox.insert(alert);
    await outbox.insert({ ...alert, committed: "99.00 USD" });
    expect(await outbox.pending()).toEqual([{ alert, told: false, deliveries: {} }]);
    await outbox.finish(alert.id, NOW);
    await outbox.markAccepted(alert.id, "log", { at: NOW, counts: false });
    await outbox.finish(alert.id, NOW);
    expect(await outbox.blocking(["a"])).toHaveLength(1);
    expect(await outbox.blocking(["b"])).toEqual([]);
    await outbox.markAccepted(alert.id, "mail y", { at: NOW, counts: true });
    expect(await outbox.blocking(["a"])).toEqual([]);
    expect(await outbox.pending()).toHaveLength(1);
    await outbox.finish(alert.id, NOW);
    expect(await outbox.pending()).toEqual([]);
    await outbox.insert(alert);
    expect(await outbox.pending()).toEqual([]);
  });

  test("both do the same in every order of calls", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (actions) => {
        await compare(createMemoryOutbox(), openBookOutbox(), actions);
      }),
      { numRuns: 200 },
    );
  });
});
