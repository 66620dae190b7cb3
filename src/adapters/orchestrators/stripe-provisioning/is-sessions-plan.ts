import { keptPlanName } from "./kept-plan-name.ts";
import type { StripeProvisioningOptions } from "./options.ts";

/** Whether a resource is the free plan whose credential the session works with. */
export async function isSessionsPlan(
  options: StripeProvisioningOptions,
  id: string,
): Promise<boolean> {
  if (options.plan === undefined) return false;
  return (await options.vault.read(keptPlanName(options, options.plan)))?.reveal() === id;
}
