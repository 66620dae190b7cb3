import { z } from "zod";
import { identifierSchema, moneySchema, rollingWindowSchema, windowSchema } from "./grammar.ts";

const scope = z
  .enum(["total", "project", "stack", "agent", "provider", "category"])
  .describe("What it is for: each of these by itself, or `total`, all that one ledger counts.");
const only = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe(
    "One of the scope alone: a provider, a category, a project, its stack `shop/prod`, an agent `agent:build-bot`. Default: each.",
  );

/** The key `caps` of the guardrails. */
export const capsSchema = z
  .strictObject({
    perProvider: moneySchema
      .prefault("100.00 USD")
      .describe("A calendar month (UTC), each provider."),
    total: moneySchema.prefault("250.00 USD").describe("A calendar month (UTC), all providers."),
    perProject: moneySchema.optional().describe("A calendar month (UTC), each project."),
    perStack: moneySchema.optional().describe("A calendar month (UTC), each stack of a project."),
    perAgent: moneySchema
      .optional()
      .describe("A calendar month (UTC), each agent, by the name in its manifest."),
    commitments: moneySchema
      .optional()
      .describe(
        "What is due again within twelve months: renewals and recurring prices. Default: twelve times `total`.",
      ),
    perRun: moneySchema.prefault("100.00 USD").describe("One `supercargo up`."),
    perTransaction: moneySchema.prefault("50.00 USD").describe("One purchase."),
    categories: z
      .record(identifierSchema, moneySchema)
      .default({})
      .describe("Category of the catalogue -> cap of a calendar month."),
    windows: z
      .array(
        z.strictObject({
          scope,
          only,
          amount: moneySchema.describe("The cap."),
          window: windowSchema.describe(
            "`day` or `month` of the calendar (UTC), or a rolling length such as `15m`, `24h`, `30d`.",
          ),
        }),
      )
      .max(50)
      .default([])
      .describe("Further caps of money."),
    velocity: z
      .array(
        z.strictObject({
          scope,
          only,
          acts: z.int().min(0).max(100_000).describe("The most of them."),
          window: rollingWindowSchema.describe("A rolling length such as `1m`, `1h`, `1d`."),
        }),
      )
      .max(50)
      .default([{ scope: "total", acts: 60, window: "1h" }])
      .describe("How many acts that buy or open something there may be."),
  })
  .describe("What may be spent, all in one currency. A purchase must fit under every cap.");

/** The file's caps with constant defaults filled in. */
export type CapsData = z.output<typeof capsSchema>;
