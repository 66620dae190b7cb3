import { z } from "zod";
import type { OpenOrchestrator } from "../contract.ts";
import { createAppOrchestrator } from "./client.ts";

const partSchema = z.strictObject({
  /** The orchestrator's account for us, e.g. `acct_...`. */
  account: z.string().min(1),
  signingSecret: z.string().min(1),
});

/** Speaks the protocol to the provider, signed as whoever the manifest names. */
export const openOrchestrator: OpenOrchestrator = (connection, { id, providerUrl }, services) => {
  const part = partSchema.safeParse(connection).data;
  if (part === undefined) return undefined;
  const { account: orchestratorAccount, signingSecret } = part;
  return createAppOrchestrator(
    { orchestrator: id, orchestratorAccount, signingSecret, providerUrl },
    services,
  );
};
