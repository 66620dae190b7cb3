import type { SandboxContext } from "../context.ts";
import { azureAliases } from "./azure-records.ts";
import { describeSubscription } from "./describe-subscription.ts";
import { madeSubscriptions } from "./made-subscriptions.ts";
import { refuseAzure } from "./refuse-azure.ts";

/** `GET /subscriptions/<id>`; the first look at a fresh one is refused. */
export function answerSubscription({ store }: SandboxContext, id: string): Response {
  const known = madeSubscriptions(store).find(({ subscriptionId }) => subscriptionId === id);
  if (known === undefined) return refuseAzure(404, "SubscriptionNotFound");
  azureAliases(store).put(known.alias, { ...known, isSeen: true });
  return known.isSeen
    ? Response.json(describeSubscription(known))
    : refuseAzure(403, "AuthorizationFailed");
}
