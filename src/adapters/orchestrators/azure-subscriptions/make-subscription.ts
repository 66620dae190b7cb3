import type { Secret } from "../../../util/secret.ts";
import type { AccountRequest, Refused } from "../contract.ts";
import { toUnsent } from "../to-unsent.ts";
import type { AzurePlace } from "./azure-place.ts";
import { callAzure } from "./call-azure.ts";
import { nameSubscription } from "./name-subscription.ts";
import { type AliasState, readAlias } from "./read-alias.ts";

export type Made =
  | { readonly kind: "made"; readonly subscriptionId: string }
  | Refused
  | { readonly kind: "unknown"; readonly code: string };

/** Looks at what is being made, and seconds between two of them: about three minutes. */
const LOOKS = 40;
const PAUSE_SECONDS_MAX = 5;
const VERSION = "api-version=2021-10-01";

/**
 * The one subscription of a request. `PUT` of an alias is the same request each time it has the same name, and that is derived from ours, so that nothing has to be
 * remembered. It is looked for before it is sent, all the same.
 */
export async function makeSubscription(
  place: AzurePlace,
  token: Secret,
  request: AccountRequest,
): Promise<Made> {
  const { alias, displayName, tags } = nameSubscription(request);
  const path = `/providers/Microsoft.Subscription/aliases/${alias}?${VERSION}`;
  const { billingScope, managementGroupId } = place;
  const known = await callAzure(place, token, "GET", path);
  if (known.kind === "ok") return follow(place, token, path, readAlias(known.result, billingScope));
  if (known.code !== "not_found") return toUnsent(known);
  const additionalProperties = { ...(managementGroupId && { managementGroupId }), tags };
  const properties = { displayName, workload: "Production", billingScope, additionalProperties };
  const sent = await callAzure(place, token, "PUT", path, { properties });
  if (sent.kind !== "ok")
    return sent.isAboutAsker ? toUnsent(sent) : { kind: sent.kind, code: sent.code };
  return follow(place, token, path, readAlias(sent.result, billingScope));
}

/** Waits until the request is done. */
async function follow(
  place: AzurePlace,
  token: Secret,
  path: string,
  begun: AliasState,
): Promise<Made> {
  let state = begun;
  for (let look = 1; state.kind === "under-way" && look <= LOOKS; look++) {
    await place.sleep(Math.min(look, PAUSE_SECONDS_MAX) * 1000);
    const answer = await callAzure(place, token, "GET", path);
    if (answer.kind !== "ok") return { kind: "unknown", code: answer.code };
    state = readAlias(answer.result, place.billingScope);
  }
  switch (state.kind) {
    case "made":
      return state;
    case "failed":
      return { kind: "refused", code: "provisioning_failed" };
    case "under-way":
      return { kind: "unknown", code: "under_way" };
    case "mismatch":
      return { kind: "unknown", code: "account_mismatch" };
    default:
      return { kind: "unknown", code: "malformed" };
  }
}
