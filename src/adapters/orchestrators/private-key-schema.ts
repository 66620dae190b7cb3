import type { JsonWebKey } from "node:crypto";
import { z } from "zod";

/** A private Ed25519 key as JWK (RFC 8037). */
export const privateKeySchema = z
  .looseObject({
    kty: z.literal("OKP"),
    crv: z.literal("Ed25519"),
    d: z.string().min(1),
    x: z.string().min(1),
  })
  .transform((key) => key as JsonWebKey);
