import { z } from "zod";
import { ENGINES } from "../vocabulary.ts";
import { emailSchema, identifierSchema, moneySchema, nameSchema } from "./grammar.ts";
import { resourceSchema } from "./resource-schemas.ts";

const provider = identifierSchema.meta({ examples: ["cloudflare"] }).optional();
const preferences = z
  .array(identifierSchema.meta({ examples: ["stripe"] }))
  .min(1)
  .max(16);

const budget = z
  .strictObject({
    monthly: moneySchema.optional().describe("A calendar month, all providers together."),
    perRun: moneySchema.optional().describe("One `supercargo up`."),
    perTransaction: moneySchema.optional().describe("One purchase."),
  })
  .describe("May narrow the guardrails, never widen them.");

const stack = z.strictObject({
  provider: provider.describe("Where resources go on this stack unless they say otherwise."),
  budget: budget.optional().describe("May narrow the manifest's budget, never widen it."),
});

/** The manifest, `supercargo.yaml`: the source of its types, its JSON Schema and its reference. */
export const manifestSchema = z.strictObject({
  apiVersion: z.literal("supercargo/v1").describe("The version of this format."),
  name: nameSchema.describe("Names the product and the folder of its stack."),
  principal: z
    .strictObject({ email: emailSchema.describe("Where providers reach the accountable person.") })
    .describe("The accountable human or organisation."),
  agent: z
    .strictObject({
      id: identifierSchema.meta({
        description: "Names the agent in the log.",
        examples: ["build-bot"],
      }),
    })
    .describe("Who acts for the principal."),
  orchestrator: preferences
    .default(["stripe"])
    .describe("Who vouches for the principal at a provider, in order of preference."),
  payment: preferences
    .default(["stripe"])
    .describe("Payment partners that issue payment tokens, in order of preference."),
  provider: provider.describe("Where resources go unless they or the stack say otherwise."),
  engine: z
    .enum(ENGINES)
    .default("pulumi")
    .describe(
      "What applies the stack; `--engine` on the command line has the last word. For `crossplane` it is printed and reviewed, not applied.",
    ),
  budget: budget.optional(),
  resources: z.record(nameSchema, resourceSchema).describe("Name -> what the product needs."),
  stacks: z
    .record(nameSchema, stack)
    .default({})
    .describe("Name -> stack. `local` is always there and always the sandbox."),
});

/** The manifest's data with constant defaults filled in. */
export type ManifestData = z.output<typeof manifestSchema>;
export type ManifestStack = z.output<typeof stack>;
export type ManifestBudget = z.output<typeof budget>;
