import type { AwsPlace } from "./call-aws.ts";
import { type AwsAnswer, callOrganizations } from "./call-organizations.ts";

/** Milliseconds before each repetition; AWS gives no wait of its own. */
const PAUSES = [1_000, 2_000, 4_000, 8_000];

/** One action that only reads, repeated a few times where AWS asks for patience. What makes something is never sent through here. */
export async function readOrganizations(
  place: AwsPlace,
  action: `${"Describe" | "List"}${string}`,
  input: object,
): Promise<AwsAnswer> {
  let answer = await callOrganizations(place, action, input);
  for (const pause of PAUSES) {
    if (answer.kind !== "unknown" || answer.code !== "throttled") break;
    await place.sleep(pause);
    answer = await callOrganizations(place, action, input);
  }
  return answer;
}
