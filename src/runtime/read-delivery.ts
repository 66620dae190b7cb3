import type { ReceivedMessage } from "./deliver-messages.ts";

/** How often a message was delivered, 1 at the first time, and when it was sent. What is no count or no time is the first one and now, so that a message has both whatever is told of it. */
export function readDelivery(
  count: unknown,
  sent: unknown,
): Pick<ReceivedMessage, "attempts" | "timestamp"> {
  const attempts = Number(count);
  const time = Date.parse(String(sent));
  return {
    attempts: Number.isInteger(attempts) && attempts > 0 ? attempts : 1,
    timestamp: new Date(Number.isNaN(time) ? Date.now() : time),
  };
}
