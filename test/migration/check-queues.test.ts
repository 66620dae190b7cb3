import { expect, test } from "vitest";
import { checkQueues } from "../../src/operations/migrate/check-queues.ts";

/** Queues that answer one number after the other, and the last one for ever. */
function openQueues(numbers: Readonly<Record<string, readonly number[]>>) {
  const asked: string[] = [];
  const hurried: string[] = [];
  const backlog = async (queue: string): Promise<number> => {
    const before = asked.filter((one) => one === queue).length;
    asked.push(queue);
    return numbers[queue]?.[before] ?? numbers[queue]?.at(-1) ?? 0;
  };
  const hurryQueue = async (queue: string) => void hurried.push(queue);
  return { hurried, source: { backlog, hurryQueue } };
}

test("a queue that nobody consumes is refused at once when it has messages, and never hurried", async () => {
  const { hurried, source } = openQueues({ idle: [1, 0] });
  // One look at an empty one is enough.
  await checkQueues(source, { consumed: ["jobs"], unconsumed: ["other"] });
  expect(hurried).toEqual(["jobs"]);
  const checked = checkQueues(source, { consumed: [], unconsumed: ["idle"] });
  await expect(checked).rejects.toMatchObject({ code: "queue-not-empty", resource: "idle" });
});

test("a queue with delayed messages is refused while the app still runs where it is", async () => {
  const { source } = openQueues({ busy: [4, 1, 0], delayed: [1] });
  const queues = { consumed: ["busy", "delayed"], unconsumed: [] };
  const checked = checkQueues(source, queues, 300);
  await expect(checked).rejects.toMatchObject({ code: "queue-not-empty", resource: "delayed" });
});
