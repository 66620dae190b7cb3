import { Secret } from "../../../util/secret.ts";
import { createAccountOnly } from "../account-only.ts";
import type { AccountAnswer, Orchestrator } from "../contract.ts";
import { toUnsent } from "../to-unsent.ts";
import type { AzurePlace } from "./azure-place.ts";
import { fetchToken } from "./fetch-token.ts";
import { findLinked } from "./find-linked.ts";
import azureSubscriptions from "./index.ts";
import { lookAtSubscription } from "./look-at-subscription.ts";
import { makeSubscription } from "./make-subscription.ts";

/** How often a fresh subscription is looked at, and milliseconds between: the right to it may not be there yet when it is. */
const ENTRIES = 12;
const ENTRY_PAUSE_MS = 5_000;
/** After this it is looked at again. */
const LEASE_MS = 3_600_000;

/** Subscriptions of a tenant at Azure. Nothing here ever ends one. */
export function createAzureSubscriptions(place: AzurePlace): Orchestrator {
  return createAccountOnly({
    id: azureSubscriptions.id,
    capabilities: azureSubscriptions.capabilities,
    makesAnother: true,

    isHealthy: async () => (await fetchToken(place)).kind === "token",

    async requestAccount(request) {
      const fetched = await fetchToken(place);
      if (fetched.kind !== "token") return toUnsent(fetched);
      const { token } = fetched;
      if (request.accountId !== undefined) return reopen(place, token, request.accountId);
      if (request.mode === "link") {
        const found = await findLinked(place, token, request);
        return found.kind === "found" ? reopen(place, token, found.subscriptionId) : found;
      }
      const made = await makeSubscription(place, token, request);
      return made.kind === "made" ? enter(place, token, made.subscriptionId) : made;
    },
  });
}

/** Observed, not believed: a subscription counts as opened when it is seen, and can be used. */
async function enter(
  place: AzurePlace,
  token: Secret,
  subscriptionId: string,
): Promise<AccountAnswer> {
  for (let entry = 1; entry <= ENTRIES; entry++) {
    const seen = await lookAtSubscription(place, token, subscriptionId);
    switch (seen.kind) {
      case "usable":
        return connect(place, subscriptionId);
      case "over":
        return { kind: "refused", code: "account_closed" };
      case "unclear":
        return { kind: "unknown", code: "account_unclear" };
      case "hidden":
        await place.sleep(ENTRY_PAUSE_MS);
        break;
      default:
        return { kind: "unknown", code: seen.code };
    }
  }
  return { kind: "unknown", code: "subscription_hidden" };
}

/** A subscription that there is. */
async function reopen(
  place: AzurePlace,
  token: Secret,
  subscriptionId: string,
): Promise<AccountAnswer> {
  const seen = await lookAtSubscription(place, token, subscriptionId);
  switch (seen.kind) {
    case "usable":
      return connect(place, subscriptionId);
    case "over":
      return { kind: "refused", code: "account_closed", unsent: true };
    case "unclear":
      return { kind: "unknown", code: "account_unclear" };
    case "hidden":
      return { kind: "refused", code: "account_hidden", unsent: true };
    default:
      return toUnsent(seen);
  }
}

/** What is handed on is no credential: a token of Azure's is good for all that the application may, and can't be narrowed. */
function connect({ now, tenantId }: AzurePlace, accountId: string): AccountAnswer {
  const accessToken = new Secret(JSON.stringify({ tenantId, subscriptionId: accountId }));
  const expiresAt = new Date(now() + LEASE_MS).toISOString();
  return { kind: "connected", credentials: { accountId, accessToken, expiresAt } };
}
