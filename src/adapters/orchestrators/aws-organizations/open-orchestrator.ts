import { z } from "zod";
import { Secret } from "../../../util/secret.ts";
import { addressSchema } from "../address-schema.ts";
import type { OpenOrchestrator } from "../contract.ts";
import { createAwsOrganizations } from "./client.ts";

const secretSchema = z
  .string()
  .regex(/^[\x21-\x7e]{8,4096}$/)
  .transform((text) => new Secret(text));

const partSchema = z.strictObject({
  organizationsUrl: addressSchema,
  stsUrl: addressSchema,
  accessKeyId: z.string().regex(/^[A-Z0-9]{16,128}$/),
  secretAccessKey: secretSchema,
  sessionToken: secretSchema.optional(),
  rootEmail: z.email().optional(),
});

/** Vouches to AWS alone. */
export const openOrchestrator: OpenOrchestrator = (connection, { provider }, services) => {
  const part = provider === "aws" ? partSchema.safeParse(connection).data : undefined;
  const { signingNow = services.now } = services;
  return part && createAwsOrganizations({ ...services, ...part, signingNow });
};
