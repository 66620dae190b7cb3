import { createPrivateKey, type JsonWebKey } from "node:crypto";
import { z } from "zod";

/** A private Ed25519 key as JWK (RFC 8037), one that can be signed with. */
export const privateKeySchema = z
  .looseObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), d: z.string(), x: z.string() })
  .refine((key) => isKey(key as JsonWebKey))
  .transform((key) => key as JsonWebKey);

function isKey(key: JsonWebKey): boolean {
  try {
    return createPrivateKey({ key, format: "jwk" }).type === "private";
  } catch {
    return false;
  }
}
