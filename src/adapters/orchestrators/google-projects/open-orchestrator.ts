import { createPrivateKey, type KeyObject } from "node:crypto";
import { z } from "zod";
import { addressSchema } from "../address-schema.ts";
import type { OpenOrchestrator } from "../contract.ts";
import { createGoogleProjects } from "./client.ts";

/** An RSA key in PEM, as the file of a service account's key has it. */
const keySchema = z.string().transform((text, context): KeyObject => {
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === "rsa") return key;
  } catch {
    // Said below.
  }
  context.issues.push({ code: "custom", message: "is no RSA key", input: "" });
  return z.NEVER;
});

const partSchema = z.strictObject({
  resourceManagerUrl: addressSchema,
  billingUrl: addressSchema,
  tokenUrl: addressSchema,
  clientEmail: z.email(),
  privateKeyId: z.string().regex(/^[0-9a-f]{1,64}$/),
  privateKey: keySchema,
  parent: z.string().regex(/^(?:folders|organizations)\/\d{1,30}$/),
  billingAccount: z.string().regex(/^billingAccounts\/[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/),
});

/** Vouches to Google Cloud alone. */
export const openOrchestrator: OpenOrchestrator = (connection, { provider }, services) => {
  const part = provider === "gcp" ? partSchema.safeParse(connection).data : undefined;
  const { signingNow = services.now } = services;
  return part && createGoogleProjects({ ...services, ...part, signingNow });
};
