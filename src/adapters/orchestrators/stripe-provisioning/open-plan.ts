import { memberAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import { sha256 } from "../../../util/sha256.ts";
import { callStripe } from "./call-stripe.ts";
import { findPricing } from "./find-pricing.ts";
import { keptPlanName } from "./kept-plan-name.ts";
import type { StripeProvisioningOptions } from "./options.ts";
import { lookAtResource, type ResourceState, readResource } from "./read-resource.ts";

/** How long a plan under way is looked at, and how often. */
const POLLS = 10;
const PAUSE_MS = 1_000;

/**
 * The free plan that reveals the account's own credential: the one that is there, or a new one where that may be. There is no list of resources, so its id is kept;
 * the key of the request names the plan before it, so that a lost answer is found again and a plan that was removed is not.
 */
export async function openPlan(
  options: StripeProvisioningOptions,
  plan: string,
  mayMake: boolean,
): Promise<ResourceState> {
  const { vault, provider, connectedAccount, sleep } = options;
  const name = keptPlanName(options, plan);
  const former = (await vault.read(name))?.reveal() ?? "";
  let seen: ResourceState =
    former === "" ? { kind: "absent" } : await lookAtResource(options, former);
  if (seen.kind === "removed" || seen.kind === "absent") {
    if (!mayMake) return { kind: "absent" };
    const pricing = await findPricing(options, plan);
    if (pricing.kind !== "listed") return { kind: "unknown", code: "catalogue_unreadable" };
    // Nobody approved a price for what merely opens the account.
    if (memberAt(pricing.pricing, "type") !== "free")
      return { kind: "refused", code: "plan_not_free", unsent: true };
    const key = `plan_${sha256(JSON.stringify([connectedAccount, provider, plan, former])).slice(0, 40)}`;
    const body = { provider, service_ref: plan, configuration: {}, name: key, environment: "prod" };
    seen = await readResource(options, await callStripe(options, "POST", "/resources", body, key));
    if ("id" in seen) await vault.write(name, new Secret(seen.id));
  }
  for (let poll = 0; seen.kind === "pending" && poll < POLLS; poll++) {
    await sleep(PAUSE_MS);
    seen = await lookAtResource(options, seen.id);
  }
  return seen;
}
