import { z } from "zod";
import { Secret } from "../../../util/secret.ts";
import { addressSchema } from "../address-schema.ts";
import type { OpenOrchestrator, Orchestrator, OrchestratorServices } from "../contract.ts";
import { createCloudflareOauth } from "./client.ts";
import { createHandedToken } from "./handed-token.ts";
import { readCallback } from "./read-callback.ts";
import { createTemporaryAccounts } from "./temporary.ts";

const temporarySchema = z.strictObject({
  endpoint: addressSchema,
  /** Terms that a person has accepted for temporary accounts. */
  accepted: z.strictObject({ termsOfService: addressSchema, privacyPolicy: addressSchema }),
});

const oauthSchema = z.strictObject({
  endpoint: addressSchema,
  clientId: z.string().min(1),
  authorizeUrl: addressSchema,
  tokenUrl: addressSchema,
  revokeUrl: addressSchema,
  /** Sent as it stands here: the server compares it with the client's. */
  redirectUri: z.string().refine((text) => addressSchema.safeParse(text).success),
  /** Where is asked what a person's browser brought to `redirectUri` (`read-callback.ts`). */
  callbackUrl: addressSchema,
});

const tokenSchema = z.strictObject({
  endpoint: addressSchema,
  token: z
    .string()
    .regex(/^[\x21-\x7e]{8,4096}$/)
    .transform((text) => new Secret(text)),
  createsAccounts: z.boolean().optional(),
});

/** By the manifest's word. */
const WAYS: Readonly<
  Record<string, (part: unknown, services: OrchestratorServices) => Orchestrator | undefined>
> = {
  cloudflare(connection, services) {
    const part = temporarySchema.safeParse(connection).data;
    return part && createTemporaryAccounts({ ...part, ...services });
  },
  "cloudflare-oauth"(connection, services) {
    const part = oauthSchema.safeParse(connection).data;
    if (part === undefined) return undefined;
    const { callbackUrl, ...rest } = part;
    const ask = (state: string) => readCallback(services, callbackUrl, state);
    return createCloudflareOauth({ ...rest, ...services, readCallback: ask });
  },
  "cloudflare-token"(connection, services) {
    const part = tokenSchema.safeParse(connection).data;
    return part && createHandedToken({ ...part, ...services });
  },
};

/** Vouches to Cloudflare alone, in the way that the manifest names. */
export const openOrchestrator: OpenOrchestrator = (connection, { id, provider }, services) =>
  provider === "cloudflare" && Object.hasOwn(WAYS, id)
    ? WAYS[id]?.(connection, services)
    : undefined;
