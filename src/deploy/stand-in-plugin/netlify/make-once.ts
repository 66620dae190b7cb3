import { setTimeout as sleep } from "node:timers/promises";
import { isOpen } from "./is-open.ts";
import { callNetlify, type NetlifyConfig } from "./netlify-api.ts";
import { readId } from "./read-id.ts";

/** What is made, and how it is found again. */
export interface Making {
  /** For errors, e.g. `the new site`. */
  readonly what: string;
  readonly path: string;
  readonly body: unknown;
  /** Looks for what was made since a moment (milliseconds since 1970); undefined when it is not there. @throws when what is there may be somebody else's. */
  find(since: number): Promise<unknown>;
}

interface Made {
  readonly id: string;
  readonly answer: unknown;
  readonly isFound: boolean;
}

/** How far Netlify's clock may be from ours. */
const CLOCKS_MS = 300_000;
/** How long ago a run may have died whose work is taken over, because nobody notes when it began. */
const REPEAT_MS = 86_400_000;
/** Before it is looked for once more: a list may show later what was made. */
const PAUSES_MS = [0, 500, 1_000, 2_000];

/**
 * Makes something by one POST. `isRepeated`: a run that died may have made it, so it is looked for first. It is looked for, too, after an answer that leaves open whether it was
 * made, or that has no id; it is never made again.
 */
export async function makeOnce(
  config: NetlifyConfig,
  isRepeated: boolean,
  { what, path, body, find }: Making,
): Promise<Made> {
  const now = Date.now();
  const before = isRepeated ? await find(now - REPEAT_MS) : undefined;
  const known = readId(before);
  if (known !== undefined) return { id: known, answer: before, isFound: true };
  let failure: unknown = new Error(`the answer about ${what} holds no id`);
  if (before !== undefined) throw failure;
  try {
    const answer = await callNetlify(config, { method: "POST", path, body });
    const id = readId(answer);
    if (id !== undefined) return { id, answer, isFound: false };
  } catch (error) {
    if (!isOpen(error)) throw error;
    failure = error;
  }
  for (const pause of PAUSES_MS) {
    await sleep(pause);
    const answer = await find(now - CLOCKS_MS);
    const id = readId(answer);
    if (id !== undefined) return { id, answer, isFound: true };
  }
  throw failure;
}
