import { expect, test } from "vitest";
import { SourceError } from "../../src/adapters/vendors/migration-source.ts";
import { checkLeft } from "../../src/operations/migrate/check-left.ts";

const source = (left: Readonly<Record<string, number>>) => ({
  async backlog(queue: string): Promise<number> {
    const count = left[queue];
    if (count === undefined) throw new SourceError(`no-${queue}`);
    return count;
  },
});

test("a message that came to a queue late keeps the queue from being removed with it", async () => {
  await expect(checkLeft(source({ mail: 0, audit: 1 }), ["mail", "audit"])).rejects.toMatchObject({
    code: "queue-not-empty",
    resource: "audit",
  });
});

test("queues that are empty, or that an earlier run removed, keep nothing", async () => {
  await expect(checkLeft(source({ mail: 0 }), ["mail", "audit"])).resolves.toBeUndefined();
});

test("a vendor that does not say how many there are is not taken for one that says none", async () => {
  const silent = { backlog: () => Promise.reject(new SourceError("status-500")) };
  await expect(checkLeft(silent, ["mail"])).rejects.toMatchObject({ code: "status-500" });
});
