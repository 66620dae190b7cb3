import type { Keyring } from "../keyring.ts";

/** The tenant that the sandbox plays, and an application in it that may make subscriptions. */
export interface AzureTenant {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly billingScope: string;
}

export function deriveTenant(keyring: Keyring): AzureTenant {
  const digits = (label: string) => keyring.deriveId(`azure-${label}`, 32);
  const uuid = (label: string) =>
    digits(label).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
  const billing = "/providers/Microsoft.Billing/billingAccounts";
  return {
    tenantId: uuid("tenant"),
    clientId: uuid("client"),
    clientSecret: keyring.deriveSecret("azure-client-secret", ""),
    billingScope: `${billing}/${uuid("billing")}:${uuid("organisation")}_2019-05-31/billingProfiles/PLAY-0001/invoiceSections/PLAY-0002`,
  };
}
