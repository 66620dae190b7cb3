import { sha256 } from "../../../util/sha256.ts";
import type { AccountRequest } from "../contract.ts";

/** What one request calls its subscription, and nothing else does. */
export interface SubscriptionNames {
  /** Of the request to make it; the tenant has one for each. */
  readonly alias: string;
  readonly displayName: string;
  /** Say whose it is. */
  readonly tags: {
    readonly "supercargo-principal": string;
    readonly "supercargo-project": string;
  };
}

/** Characters of a subscription's name. */
const NAME_MAX = 64;

/** Derives all of it from the request, so that its subscription is found again by whoever repeats it, with nothing remembered. */
export function nameSubscription({
  requestId,
  email,
  name,
}: Pick<AccountRequest, "requestId" | "email" | "name">): SubscriptionNames {
  const digest = sha256(JSON.stringify(["azure-subscription", requestId, email.toLowerCase()]));
  const suffix = `-${digest.slice(0, 8)}`;
  const shown = name.replace(/[^A-Za-z0-9 -]/g, "").slice(0, NAME_MAX - suffix.length);
  return {
    alias: `supercargo-${digest.slice(0, 40)}`,
    displayName: `${shown}${suffix}`,
    tags: { "supercargo-principal": email.toLowerCase(), "supercargo-project": name },
  };
}
