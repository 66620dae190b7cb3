import { createHash } from "node:crypto";
import { setImmediate as breathe } from "node:timers/promises";

/** More work than the reference client does is refused, whoever asks for it. */
const WORK_MOST = 64_000_000;

/**
 * The proof of work for a temporary account: checkpoint 0 is SHA-256 of the seed; then `k` times the last one is hashed `g` times over. Answers with all
 * checkpoints behind each other as base64, or undefined when the challenge is none or asks for too much. Lets other work go on in between.
 */
export async function solveChallenge(challenge: {
  /** 32 bytes, base64url. */
  readonly seed: string;
  readonly k: number;
  readonly g: number;
}): Promise<string | undefined> {
  const { k, g } = challenge;
  const seed = Buffer.from(challenge.seed, "base64url");
  const isWhole = Number.isSafeInteger(k) && Number.isSafeInteger(g) && k > 0 && g > 0;
  if (!isWhole || k * g > WORK_MOST || seed.length !== 32) return undefined;
  const hash = (data: Buffer) => createHash("sha256").update(data).digest();
  let last = hash(seed);
  const checkpoints = [last];
  for (let round = 0; round < k; round++) {
    for (let step = 0; step < g; step++) last = hash(last);
    checkpoints.push(last);
    await breathe();
  }
  return Buffer.concat(checkpoints).toString("base64");
}
