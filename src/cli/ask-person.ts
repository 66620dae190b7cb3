import { createInterface } from "node:readline/promises";
import type { Confirmation } from "../index.ts";
import type { Call } from "./command.ts";

/** The option that answers {@link askPerson} beforehand. */
export const YES_OPTION = { kind: "flag", summary: "do not ask" } as const;

/** The same where the answer must be typed on live stacks. */
export const LOCAL_YES_OPTION = {
  kind: "flag",
  summary: "do not ask; counts on the stack `local` only",
} as const;

/**
 * Asks a question that only `yes` answers. Asks on a terminal only; elsewhere silence is a no, unless `--yes` was given and the answer need not be typed.
 */
export async function askPerson(
  call: Call,
  question: string,
  { typed }: Confirmation = { typed: false },
): Promise<boolean> {
  if (call.flags.has("yes") && !typed) return true;
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
