import { z } from "zod";
import type { OpenOrchestrator } from "../contract.ts";
import { createStripeProjects } from "./client.ts";

/** No NUL: what stands in it ends an argument or a variable. */
const textSchema = z.string().regex(/^[^\0]{1,4096}$/);

const partSchema = z.strictObject({
  /** The program and what stands before every argument. */
  program: z.tuple([textSchema], textSchema),
  /** All that the program sees. */
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/), textSchema),
  /** The e-mail address of the person who is logged in. */
  email: z.email(),
  /** By provider, the plan whose creation opens the account. */
  plans: z.record(z.string(), z.string().regex(/^[A-Za-z0-9][A-Za-z0-9:_-]{0,127}$/)),
  /** A person has accepted Stripe's and the provider's terms. */
  termsAccepted: z.boolean(),
});

/** Vouches to the providers that the connection names a plan of. */
export const openOrchestrator: OpenOrchestrator = (connection, { id, provider }, services) => {
  const part = partSchema.safeParse(connection).data;
  const plan = part && Object.hasOwn(part.plans, provider) ? part.plans[provider] : undefined;
  if (part === undefined || plan === undefined) return undefined;
  const { program, env, email, termsAccepted } = part;
  const { now, folder } = services;
  return createStripeProjects({
    id,
    provider,
    plan,
    program,
    env,
    email,
    termsAccepted,
    now,
    folder,
  });
};
