import { createInterface } from "node:readline/promises";
import type { Call } from "./command.ts";

/** Asks a person before something is lost: on a terminal only, elsewhere silence is a no; `--yes` is a yes. */
export async function confirmLoss(call: Call, question: string): Promise<boolean> {
  if (call.flags.has("yes")) return true;
  if (!call.interactive || call.json) return false;
  const { signal } = call.workplace;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} Type yes: `, { signal });
    return answer.trim().toLowerCase() === "yes";
  } finally {
    lines.close();
  }
}
