import type { SandboxStore } from "../context.ts";
import type { QueueMessage } from "./queue-message.ts";

/** All messages of all queues: on disk, and in memory for looking at every second. */
export interface MessageShelf {
  /** All or none. */
  change(kept: readonly QueueMessage[], dropped: readonly QueueMessage[]): void;
  /** In order of arrival. */
  list(queue: string): readonly QueueMessage[];
}

/** Opens the shelf with what an earlier sandbox left. */
export function openMessageShelf(store: SandboxStore): MessageShelf {
  const stored = store.collection<QueueMessage>("queue-messages");
  const waiting = new Map(stored.list().map((message) => [message.id, message]));
  return {
    change(kept, dropped) {
      store.transaction(() => {
        for (const message of kept) stored.put(message.id, message);
        for (const { id } of dropped) stored.delete(id);
      });
      for (const message of kept) waiting.set(message.id, message);
      for (const { id } of dropped) waiting.delete(id);
    },
    list: (queue) => [...waiting.values()].filter((message) => message.queue === queue),
  };
}
