import { z } from "zod";
import type { OpenOrchestrator } from "../contract.ts";
import { privateKeySchema } from "../private-key-schema.ts";
import { createAppOrchestrator } from "./client.ts";

const partSchema = z.strictObject({
  /** The orchestrator's account for us, e.g. `acct_...`. */
  account: z.string().min(1),
  signingSecret: z.string().min(1),
  /** Of the second signature, both or none. */
  keyId: z.string().min(1).optional(),
  signingKey: privateKeySchema.optional(),
  clientId: z.string().min(1).optional(),
});

/** Speaks the protocol to the provider, signed as whoever the manifest names. */
export const openOrchestrator: OpenOrchestrator = (connection, { id, providerUrl }, services) => {
  const part = partSchema.safeParse(connection).data;
  if (part === undefined || (part.keyId === undefined) !== (part.signingKey === undefined))
    return undefined;
  const { account: orchestratorAccount, ...rest } = part;
  return createAppOrchestrator(
    { ...rest, orchestrator: id, orchestratorAccount, providerUrl },
    services,
  );
};
