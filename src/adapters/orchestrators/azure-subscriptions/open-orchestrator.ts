import { z } from "zod";
import { Secret } from "../../../util/secret.ts";
import { addressSchema } from "../address-schema.ts";
import type { OpenOrchestrator } from "../contract.ts";
import { createAzureSubscriptions } from "./client.ts";

const partSchema = z.strictObject({
  loginUrl: addressSchema,
  managementUrl: addressSchema,
  tenantId: z.uuid(),
  clientId: z.uuid(),
  clientSecret: z
    .string()
    .regex(/^[\x21-\x7e]{8,4096}$/)
    .transform((text) => new Secret(text)),
  billingScope: z
    .string()
    .regex(/^\/(?:providers\/Microsoft\.Billing\/)?billingAccounts\/[\w:./-]{1,400}$/),
  managementGroupId: z
    .string()
    .regex(/^\/providers\/Microsoft\.Management\/managementGroups\/[\w().-]{1,90}$/)
    .optional(),
});

/** Vouches to Azure alone. */
export const openOrchestrator: OpenOrchestrator = (connection, { provider }, services) => {
  const part = provider === "azure" ? partSchema.safeParse(connection).data : undefined;
  return part && createAzureSubscriptions({ ...services, ...part });
};
