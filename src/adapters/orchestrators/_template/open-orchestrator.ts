import { z } from "zod";
import { addressSchema } from "../address-schema.ts";
import type { OpenOrchestrator } from "../contract.ts";
import { createTemplateOrchestrator } from "./client.ts";

const partSchema = z.strictObject({
  apiUrl: addressSchema,
  apiKey: z.string().min(1),
});

/** Vouches to every provider; `provider` of the place says to which one, where that is not all of them. */
export const openOrchestrator: OpenOrchestrator = (connection, _place, services) => {
  const part = partSchema.safeParse(connection).data;
  return part && createTemplateOrchestrator(part, services);
};
