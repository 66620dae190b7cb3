import type { JsonWebKey } from "node:crypto";
import { z } from "zod";
import { addressSchema } from "../address-schema.ts";
import type { OpenOrchestrator } from "../contract.ts";
import { createSelfOrchestrator } from "./client.ts";

const partSchema = z.strictObject({
  issuer: addressSchema,
  clientId: z.string().min(1),
  /** Private Ed25519 key as JWK (RFC 8037). */
  clientKey: z
    .looseObject({ kty: z.literal("OKP"), d: z.string(), x: z.string() })
    .transform((key) => key as JsonWebKey),
  signIn: z.enum(["platform", "device"]).optional(),
});

/** The same identity provider vouches to every provider that trusts it. */
export const openOrchestrator: OpenOrchestrator = (connection, { id, providerUrl }, services) => {
  const part = partSchema.safeParse(connection).data;
  return part && createSelfOrchestrator({ ...part, orchestrator: id, providerUrl }, services);
};
