import type { BrokerContext } from "../context.ts";

/**
 * Asks again while the answer is `pending`, with growing pauses and a limit in time; a slow one (the registry decides) is asked seldom. The
 * last answer is handed back, so `pending` means that the limit was reached.
 */
export async function pollPending<A extends { readonly kind: string; readonly slow?: boolean }>(
  context: BrokerContext,
  first: A,
  ask: (last: A) => Promise<A>,
): Promise<A> {
  const { pollFirst, pollMost, pollSlow, pollTotal } = context.timing;
  const end = context.clock.now() + pollTotal;
  let answer = first;
  for (let pause = pollFirst; answer.kind === "pending"; pause = Math.min(pause * 2, pollMost)) {
    const wait = answer.slow === true ? pollSlow : pause;
    if (context.clock.now() + wait > end) return answer;
    await context.clock.sleep(wait);
    const next = await ask(answer);
    // What was accepted may not be listed yet, and a look that fails says nothing new: both leave it pending.
    if (next.kind !== "unknown" && next.kind !== "absent") answer = next;
  }
  return answer;
}
