import { z } from "zod";
import { Secret } from "../../../util/secret.ts";
import { addressSchema } from "../address-schema.ts";
import type { OpenOrchestrator, OrchestratorServices } from "../contract.ts";
import { createClaimable } from "./client.ts";
import { createNeonVendor } from "./neon.ts";
import { createStripeSandboxVendor } from "./stripe-sandbox.ts";
import type { ClaimableVendor } from "./vendor.ts";

/** What each vendor needs; one that is not named hands out nothing. */
const partSchema = z.strictObject({
  neon: z.strictObject({ url: addressSchema }).optional(),
  stripe: z
    .strictObject({ url: addressSchema, secretKey: z.string().min(1), refreshUrl: addressSchema })
    .optional(),
});

/** Vouches to the vendors of claimable accounts that the connection names. */
export const openOrchestrator: OpenOrchestrator = (connection, { provider }, services) => {
  const part = partSchema.safeParse(connection).data;
  const vendor = part && openVendor(part, provider, services);
  return vendor && createClaimable(vendor, services);
};

function openVendor(
  { neon, stripe }: z.infer<typeof partSchema>,
  provider: string,
  services: OrchestratorServices,
): ClaimableVendor | undefined {
  switch (provider) {
    case "neon":
      return neon && createNeonVendor({ ...neon, ...services });
    case "stripe":
      return (
        stripe &&
        createStripeSandboxVendor({
          ...stripe,
          ...services,
          secretKey: new Secret(stripe.secretKey),
        })
      );
    default:
      return undefined;
  }
}
