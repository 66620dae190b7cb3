import { z } from "zod";
import { readWebhookAddress } from "../../util/webhook-address.ts";

/** An address in a connection, in its normal form without a slash at its end: `https` and public, or on this machine. No user, no password, no query. */
export const addressSchema = z
  .string()
  .refine((text) => readWebhookAddress(text)?.url.search === "")
  .transform((text) => new URL(text).href.replace(/\/$/, ""));
