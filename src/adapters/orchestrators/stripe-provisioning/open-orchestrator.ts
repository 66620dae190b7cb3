import { z } from "zod";
import { parseMoney } from "../../../util/money.ts";
import { Secret } from "../../../util/secret.ts";
import { addressSchema } from "../address-schema.ts";
import type { OpenOrchestrator } from "../contract.ts";
import { createStripeProvisioning } from "./client.ts";

const partSchema = z.strictObject({
  url: addressSchema,
  secretKey: z.string().min(1),
  connectedAccount: z.string().min(1),
  /** At most this a month is charged at each provider, such as `100.00 USD`. */
  limit: z.string().transform((text, context) => {
    const limit = parseMoney(text);
    if (limit === undefined) context.addIssue("no amount of money");
    return limit ?? z.NEVER;
  }),
});

/** Vouches to every provider of Stripe's catalogue. */
export const openOrchestrator: OpenOrchestrator = (connection, { id, provider }, services) => {
  const part = partSchema.safeParse(connection).data;
  if (part === undefined) return undefined;
  const secretKey = new Secret(part.secretKey);
  return createStripeProvisioning({ ...part, ...services, id, provider, secretKey });
};
