import type { StripeProvisioningOptions } from "./options.ts";

/** Under what the vault keeps the id of a connected account's plan: there is no list of resources. */
export function keptPlanName(
  { connectedAccount, provider }: StripeProvisioningOptions,
  plan: string,
): string {
  return `provisioning-plan/${connectedAccount}/${provider}/${plan}`;
}
