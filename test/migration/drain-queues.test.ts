import { expect, test } from "vitest";
import { drainQueues } from "../../src/operations/migrate/drain-queues.ts";

/** Queues that answer one number after the other, and the last one for ever. */
function openQueues(numbers: Readonly<Record<string, readonly number[]>>) {
  const asked: string[] = [];
  const backlog = async (queue: string): Promise<number> => {
    const before = asked.filter((one) => one === queue).length;
    asked.push(queue);
    return numbers[queue]?.[before] ?? numbers[queue]?.at(-1) ?? 0;
  };
  return { asked, source: { backlog } };
}

test("queues that feed each other are drained together, in whatever order they are named", async () => {
  // What is taken out of `orders` goes to `receipts`, from there to `archive`, each time behind the look at it.
  const waiting = new Map([["orders", 1]]);
  const next = new Map([
    ["orders", "receipts"],
    ["receipts", "archive"],
  ]);
  const backlog = async (queue: string): Promise<number> => {
    if (queue !== "archive" && (waiting.get(queue) ?? 0) > 0) {
      waiting.delete(queue);
      waiting.set(next.get(queue) ?? "", 1);
      return 0;
    }
    const count = waiting.get(queue) ?? 0;
    if (queue === "archive") waiting.delete(queue);
    return count;
  };
  await drainQueues({ backlog }, ["archive", "receipts", "orders"], 10_000);
  expect([...waiting]).toEqual([]);
});

test("a round begins anew when one queue has messages again", async () => {
  const { asked, source } = openQueues({ first: [0, 2, 0], second: [1, 0] });
  await drainQueues(source, ["first", "second"], 10_000);
  expect(asked.join(" ")).toBe("first second ".repeat(4).trim());
});

test("a queue that stays full ends it, by its name", async () => {
  const { source } = openQueues({ empty: [0], full: [3] });
  const drained = drainQueues(source, ["empty", "full"], 150);
  await expect(drained).rejects.toMatchObject({ code: "queue-not-empty", resource: "full" });
});
