import { z } from "zod";
import { addressSchema } from "../address-schema.ts";
import type { OpenOrchestrator } from "../contract.ts";
import { createTemporaryAccounts } from "./temporary.ts";

const partSchema = z.strictObject({
  endpoint: addressSchema,
  /** Terms that a person has accepted for temporary accounts. */
  accepted: z.strictObject({ termsOfService: addressSchema, privacyPolicy: addressSchema }),
});

/** Vouches to Cloudflare alone. */
export const openOrchestrator: OpenOrchestrator = (connection, { provider }, services) => {
  const part = partSchema.safeParse(connection).data;
  if (part === undefined || provider !== "cloudflare") return undefined;
  return createTemporaryAccounts({ ...part, ...services });
};
