import { setTimeout as sleep } from "node:timers/promises";

/** Pauses before a request is repeated that was answered with 429 or 5xx, milliseconds. */
const PAUSES = [100, 200, 400, 800, 1600];

/** Asks again while the other side is busy, and answers with its last word. Only for what may be asked twice. */
export async function fetchPatiently(url: string, init: RequestInit): Promise<Response> {
  for (const pause of PAUSES) {
    const answer = await fetch(url, init);
    if (answer.status !== 429 && answer.status < 500) return answer;
    await answer.body?.cancel();
    await sleep(pause);
  }
  return fetch(url, init);
}
