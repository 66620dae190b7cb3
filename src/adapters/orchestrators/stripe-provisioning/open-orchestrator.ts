import { z } from "zod";
import { parseMoney } from "../../../util/money.ts";
import { Secret } from "../../../util/secret.ts";
import { addressSchema } from "../address-schema.ts";
import type { OpenOrchestrator } from "../contract.ts";
import { createStripeProvisioning } from "./client.ts";

const partSchema = z.strictObject({
  url: addressSchema,
  /** Of the platform. It is sent in a header. */
  secretKey: z.string().regex(/^[\x21-\x7e]+$/),
  /** The customer of the platform's in whose name everything is done. */
  connectedAccount: z.string().regex(/^[A-Za-z0-9_]{1,255}$/),
  /** By provider, the free plan that reveals the credential for the provider's own API. */
  plans: z.record(z.string(), z.string().regex(/^[A-Za-z0-9:_-]{1,128}$/)),
  /** At most this a month is charged at each provider, such as `100.00 USD`. */
  limit: z.string().transform((text, context) => {
    const limit = parseMoney(text);
    if (limit === undefined) context.addIssue("no amount of money");
    return limit ?? z.NEVER;
  }),
});

/** Vouches to every provider of Stripe's catalogue. */
export const openOrchestrator: OpenOrchestrator = (
  connection,
  { id, provider },
  { vault, fetch, now, sleep },
) => {
  const part = partSchema.safeParse(connection).data;
  if (part === undefined) return undefined;
  const { url, connectedAccount, plans, limit } = part;
  return createStripeProvisioning({
    ...{ id, provider, url, connectedAccount, limit },
    plan: Object.hasOwn(plans, provider) ? plans[provider] : undefined,
    secretKey: new Secret(part.secretKey),
    ...{ vault, fetch, now, sleep },
  });
};
