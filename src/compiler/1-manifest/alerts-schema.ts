import { z } from "zod";
import { emailSchema, hostSchema, variableSchema, webhookSchema } from "./grammar.ts";

const webhook = z.strictObject({
  url: webhookSchema.describe("`https`, or this machine; posted to, never redirected."),
  secretFrom: variableSchema.describe(
    "Environment variable with the signing secret, `whsec_` and 24 to 64 bytes in base64 (Standard Webhooks).",
  ),
  allowLoopback: z.boolean().default(false).describe("The address may be on this machine."),
});

const login = z
  .strictObject({
    userFrom: variableSchema.describe("Environment variable with the user's name."),
    passwordFrom: variableSchema.describe("Environment variable with the password."),
  })
  .describe("Without it the server asks for no login.");

const mail = z.strictObject({
  host: hostSchema.describe("The mail server; always over TLS."),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .default(465)
    .describe("On 465 TLS comes first, on all others STARTTLS is demanded."),
  from: emailSchema.describe("The sender."),
  to: z.array(emailSchema).min(1).max(20).describe("Everybody must be accepted."),
  login: login.optional(),
});

/** The key `alerts` of the guardrails: when people are told, and how. */
export const alertsSchema = z
  .strictObject({
    thresholds: z
      .array(z.int().min(1).max(100))
      .min(1)
      .max(10)
      .default([50, 80, 90, 100])
      .describe("Per cent of a cap at which people are told."),
    blockFrom: z
      .int()
      .min(1)
      .max(100)
      .default(90)
      .describe(
        "From this per cent of a cap on, itself a threshold, nothing is bought before a sink has accepted the alert.",
      ),
    denials: z
      .strictObject({
        count: z.int().min(2).max(1000).default(5).describe("So many denials"),
        minutes: z.int().min(1).max(1440).default(10).describe("within so many minutes."),
      })
      .prefault({})
      .describe("What is a burst of denied acts."),
    logIsEnough: z
      .boolean()
      .optional()
      .describe(
        "The file `alerts.jsonl` counts as a sink that has accepted. Default: only without webhooks and mail.",
      ),
    webhooks: z.array(webhook).max(10).default([]).describe("Where alerts are posted to."),
    mail: z.array(mail).max(10).default([]).describe("Where alerts are mailed to."),
  })
  .describe("When people are told before money moves, and how.");
