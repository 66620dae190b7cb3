import { listAt, memberAt, textAt } from "../../../util/json-access.ts";
import type { Secret } from "../../../util/secret.ts";
import type { AccountRequest, Refused } from "../contract.ts";
import { toUnsent } from "../to-unsent.ts";
import type { AzurePlace } from "./azure-place.ts";
import { callAzure } from "./call-azure.ts";
import { nameSubscription } from "./name-subscription.ts";
import { readState } from "./read-state.ts";

/** Pages of subscriptions that are read at most. */
const PAGES_MAX = 100;
const FIRST = "/subscriptions?api-version=2022-12-01";

/** The subscription that another request of the same principal and project made, by its tags. Makes nothing. */
export async function findLinked(
  place: AzurePlace,
  token: Secret,
  request: AccountRequest,
): Promise<
  | { readonly kind: "found"; readonly subscriptionId: string }
  | Refused
  | { readonly kind: "unknown"; readonly code: string }
> {
  const wanted = Object.entries(nameSubscription(request).tags);
  const found: string[] = [];
  let path = FIRST;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await callAzure(place, token, "GET", path);
    if (answer.kind !== "ok") return toUnsent(answer);
    const rows = listAt(answer.result, "value");
    if (rows === undefined) return { kind: "unknown", code: "malformed" };
    for (const row of rows) {
      const id = textAt(row, ["subscriptionId"])?.toLowerCase();
      const isWanted = wanted.every(([name, value]) => textAt(row, ["tags", name]) === value);
      if (id !== undefined && isWanted && readState(row) === "usable") found.push(id);
    }
    const next = memberAt(answer.result, "nextLink");
    if (next === undefined || next === null || next === "") return choose(found);
    // The token goes nowhere else.
    if (typeof next !== "string" || !next.startsWith(`${place.managementUrl}/subscriptions?`))
      return { kind: "unknown", code: "malformed" };
    path = next.slice(place.managementUrl.length);
  }
  return { kind: "unknown", code: "too_large" };
}

function choose(
  found: readonly string[],
): { readonly kind: "found"; readonly subscriptionId: string } | Refused {
  const [subscriptionId, ...more] = found;
  if (more.length > 0) return { kind: "refused", code: "account_ambiguous", unsent: true };
  return subscriptionId === undefined
    ? { kind: "refused", code: "account_not_found" }
    : { kind: "found", subscriptionId };
}
