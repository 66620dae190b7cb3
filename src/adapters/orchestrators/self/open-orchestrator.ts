import { z } from "zod";
import { addressSchema } from "../address-schema.ts";
import type { OpenOrchestrator } from "../contract.ts";
import { privateKeySchema } from "../private-key-schema.ts";
import { createSelfOrchestrator } from "./client.ts";

const partSchema = z.strictObject({
  /** To the letter: its metadata must name the same, with or without a slash at the end. */
  issuer: z.string().refine((text) => addressSchema.safeParse(text).success),
  clientId: z.string().min(1),
  clientKey: privateKeySchema,
  signIn: z.enum(["platform", "device"]).optional(),
});

/** The same identity provider vouches to every provider that trusts it. */
export const openOrchestrator: OpenOrchestrator = (connection, { id, providerUrl }, services) => {
  const part = partSchema.safeParse(connection).data;
  return part && createSelfOrchestrator({ ...part, orchestrator: id, providerUrl }, services);
};
