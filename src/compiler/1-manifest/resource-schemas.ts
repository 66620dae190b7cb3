import { z } from "zod";
import type { ResourceKind } from "../vocabulary.ts";
import {
  domainSchema,
  identifierSchema,
  moneySchema,
  nameSchema,
  pathSchema,
  recordNameSchema,
  routeSchema,
  scheduleSchema,
  serviceSchema,
  ttlSchema,
  variableSchema,
} from "./grammar.ts";

const provider = identifierSchema.optional().meta({
  description: "Where it goes. Default: the provider of the stack, else that of the manifest.",
  examples: ["cloudflare"],
});

const routes = z
  .array(routeSchema)
  .max(100)
  .default([])
  .describe("Addresses that lead here, `host/path*`; the host may hold references.");

const text = z.string().max(5000);

const app = z.strictObject({
  kind: z.literal("app"),
  provider,
  source: pathSchema.describe("Folder of the code, below the manifest's folder."),
  entry: pathSchema.prefault("index.ts").describe("The module to bundle, below `source`."),
  bind: z
    .record(variableSchema, nameSchema)
    .default({})
    .describe(
      "Variable in the app -> resource that the app can use through it. Not `PORT`, `HOST`, `PATH`, `SUPERCARGO_*`, `LD_*`, `DYLD_*` or `NODE_*` but for `NODE_ENV`.",
    ),
  env: z
    .record(variableSchema, text)
    .default({})
    .describe(
      "Variable -> text, in which references may stand; `$${` stands for `${`. The same names are reserved as in `bind`.",
    ),
  routes,
  consumes: z.array(nameSchema).max(100).default([]).describe("Queues whose messages it receives."),
});

const site = z.strictObject({
  kind: z.literal("site"),
  provider,
  source: pathSchema.describe("Folder of the files, below the manifest's folder."),
  routes,
  spa: z.boolean().default(false).describe("Answer unknown paths with index.html."),
});

const database = z.strictObject({
  kind: z.literal("database"),
  provider,
  engine: z
    .enum(["sqlite", "postgres"])
    .optional()
    .describe("The SQL dialect; by default SQLite's where the provider has it, else PostgreSQL's."),
});

const bucket = z.strictObject({ kind: z.literal("bucket"), provider });
const kv = z.strictObject({ kind: z.literal("kv"), provider });
const queue = z.strictObject({ kind: z.literal("queue"), provider });

const cron = z.strictObject({
  kind: z.literal("cron"),
  provider,
  app: nameSchema.describe("The app to call."),
  schedule: scheduleSchema.describe(
    "Five cron fields in UTC; in the day of the week 0 and 7 are Sunday.",
  ),
});

const domain = z.strictObject({
  kind: z.literal("domain"),
  provider,
  domain: domainSchema.describe("The name to register."),
  years: z.int().min(1).max(10).default(1).describe("Years to register it for."),
  maxPrice: moneySchema.describe("The most that the registration may cost, all years together."),
  autoRenew: z.boolean().default(false).describe("Renew it by itself before it expires."),
});

const dns = z.strictObject({
  kind: z.literal("dns"),
  provider,
  zone: nameSchema.describe("The domain resource in whose zone the record stands."),
  name: recordNameSchema.default("@").describe("`@` for the domain itself, else a name below it."),
  type: z.enum(["A", "AAAA", "CNAME", "TXT", "MX"]).describe("The type of the record."),
  content: z
    .string()
    .min(1)
    .max(2048)
    .describe("The record's content; references may stand in it."),
  ttl: ttlSchema.default(1).describe("Seconds from 60 to 86400; 1 is automatic."),
  priority: z.int().min(0).max(65_535).optional().describe("Of an MX record, which needs it."),
});

const secret = z.strictObject({
  kind: z.literal("secret"),
  provider,
  bytes: z.int().min(16).max(1024).default(32).describe("How many random bytes."),
});

const service = z.strictObject({
  kind: z.literal("service"),
  provider: provider.describe("Never needed: a service names its provider."),
  service: serviceSchema.describe("`provider/service` as in the catalogue."),
  config: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,62}$/, "SC2019"),
      z.union([text, z.number(), z.boolean()]),
    )
    .default({})
    .describe("What the catalogue asks for this service."),
});

/** One schema per kind: the keys, defaults and grammars of a resource. */
export const RESOURCE_SCHEMAS = {
  app,
  site,
  database,
  bucket,
  kv,
  queue,
  cron,
  domain,
  dns,
  secret,
  service,
} as const satisfies Readonly<Record<ResourceKind, z.ZodObject>>;

export const resourceSchema = z.discriminatedUnion("kind", [
  app,
  site,
  database,
  bucket,
  kv,
  queue,
  cron,
  domain,
  dns,
  secret,
  service,
]);

/** A resource as the manifest states it, with constant defaults filled in. */
export type ManifestResource = z.output<typeof resourceSchema>;
