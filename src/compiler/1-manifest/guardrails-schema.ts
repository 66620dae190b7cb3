import { z } from "zod";
import { RESOURCE_KINDS, VERB_CLASSES } from "../vocabulary.ts";
import { alertsSchema } from "./alerts-schema.ts";
import { capsSchema } from "./caps-schema.ts";
import {
  identifierSchema,
  moneySchema,
  nameSchema,
  providerPatternSchema,
  publicKeySchema,
  servicePatternSchema,
  subjectSchema,
  tldSchema,
  witnessKeySchema,
  witnessUrlSchema,
} from "./grammar.ts";

const verbs = Object.keys(VERB_CLASSES) as (keyof typeof VERB_CLASSES)[];

const counts = z
  .strictObject({
    domains: z.int().min(0).max(1000).default(2).describe("Registered domains."),
    accounts: z.int().min(0).max(1000).default(5).describe("Accounts at providers."),
    tokens: z.int().min(0).max(1000).default(20).describe("Access tokens and payment tokens."),
  })
  .describe("How many may exist.");

const when = z
  .strictObject({
    stack: z
      .enum(["local", "live"])
      .optional()
      .describe("Only on the stack `local`, or on every other."),
    providers: z.array(identifierSchema).min(1).optional().describe("Only at these."),
    projects: z.array(nameSchema).min(1).optional().describe("Only for manifests of these names."),
    maxAmount: moneySchema
      .optional()
      .describe("What spends: only up to this amount at once, at a known price."),
  })
  .describe("All of it must hold; what is not known counts against the one who asks.");

const rule = z.strictObject({
  effect: z.enum(["permit", "forbid"]).describe("What the rule does."),
  subject: subjectSchema.describe("Who: a class or `*`, or one of a class, `agent:build-bot`."),
  verbs: z.array(z.enum(verbs)).min(1).describe("What it may do."),
  kinds: z
    .array(z.enum(["*", ...RESOURCE_KINDS]))
    .min(1)
    .default(["*"])
    .describe("To which kinds."),
  when: when.optional().describe("Conditions."),
});

const approvals = z
  .strictObject({
    paid: z.boolean().default(true).describe("A person approves what costs money."),
    irreversible: z.boolean().default(true).describe("A person approves what cannot be undone."),
    count: z.int().min(1).max(10).default(1).describe("Approvals of different people."),
    validHours: z.int().min(1).max(720).default(24).describe("Hours for which an approval holds."),
  })
  .describe("On every stack but `local`.");

const allowed = z
  .strictObject({
    providers: z
      .array(providerPatternSchema)
      .default(["*"])
      .describe("Ids, or `*` for all of the catalogue."),
    services: z
      .array(servicePatternSchema)
      .default(["*"])
      .describe("`provider/service`, `provider/*`, or `*` for all of the catalogue."),
    tlds: z
      .array(tldSchema)
      .default(["com", "net", "org", "dev", "app", "io"])
      .describe("Endings of domains that may be registered, `*` is not possible."),
  })
  .describe("What may be used at all.");

/** The guardrails, `guardrails.yaml`: the source of their JSON Schema and reference. */
export const guardrailsSchema = z.strictObject({
  apiVersion: z.literal("supercargo/v1").describe("The version of this format."),
  caps: capsSchema.prefault({}),
  counts: counts.prefault({}),
  alerts: alertsSchema.prefault({}),
  permissions: z
    .array(rule)
    .max(1000)
    .optional()
    .describe(
      "The permission matrix: what no rule permits is denied, and forbid beats permit. Default: agents, CI and the broker may do everything of the classes R0 to R2, sub-agents what their parent may of R0 and R1, people everything. Agents are always forbidden R3 and R4.",
    ),
  approvals: approvals.prefault({}),
  allowed: allowed.prefault({}),
  approvers: z
    .array(
      z.strictObject({
        name: identifierSchema.meta({ description: "For people.", examples: ["alice"] }),
        publicKey: publicKeySchema.describe("`ed25519:` and the key's 32 bytes in base64."),
      }),
    )
    .max(100)
    .default([])
    .describe("Whose signatures count."),
  witness: z
    .strictObject({
      url: witnessUrlSchema.describe("Where `add-checkpoint` is posted to."),
      key: witnessKeySchema.describe("What its cosignatures are checked with."),
    })
    .optional()
    .describe(
      "Who must have seen the log before anything is bought. Default: a witness on this machine, with a key and a folder outside the project.",
    ),
});

/** The file's data with constant defaults filled in. */
export type GuardrailsData = z.output<typeof guardrailsSchema>;
