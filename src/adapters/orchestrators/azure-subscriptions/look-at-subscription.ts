import { textAt } from "../../../util/json-access.ts";
import type { Secret } from "../../../util/secret.ts";
import type { AzureFailure, AzurePlace } from "./azure-place.ts";
import { callAzure } from "./call-azure.ts";
import { readState, type SubscriptionState } from "./read-state.ts";

/** A subscription by its id. `hidden`: there is none, or it is not ours to see, as for a while after it was made. */
export async function lookAtSubscription(
  place: AzurePlace,
  token: Secret,
  subscriptionId: string,
): Promise<{ readonly kind: SubscriptionState | "hidden" } | AzureFailure> {
  const path = `/subscriptions/${encodeURIComponent(subscriptionId)}?api-version=2022-12-01`;
  const answer = await callAzure(place, token, "GET", path);
  if (answer.kind !== "ok") {
    const isHidden = answer.isAboutAsker === true || answer.code === "not_found";
    return answer.kind === "refused" && isHidden ? { kind: "hidden" } : answer;
  }
  const id = textAt(answer.result, ["subscriptionId"])?.toLowerCase();
  const state = readState(answer.result);
  if (id !== subscriptionId || state === undefined) return { kind: "unknown", code: "malformed" };
  return { kind: state };
}
