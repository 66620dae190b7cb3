import { z } from "zod";
import { SERVICE_REFERENCE } from "../../catalog/service-reference.ts";
import { isCronSchedule } from "../../util/cron-schedule.ts";
import { toHostname } from "../../util/domain-name.ts";
import { splitDomain } from "../../util/domains/registrable-domain.ts";
import { parseDuration } from "../../util/duration.ts";
import { type Money, parseMoney } from "../../util/money.ts";
import { toRelativePath } from "../../util/relative-path.ts";
import { readWebhookAddress } from "../../util/webhook-address.ts";

/**
 * The grammars of single values. Where a value fails, the schema's message is the code of the diagnostic; all of these codes take
 * the value itself and nothing else.
 */
export const GRAMMAR_CODES = [
  "SC2010",
  "SC2011",
  "SC2012",
  "SC2013",
  "SC2014",
  "SC2015",
  "SC2016",
  "SC2017",
  "SC2018",
  "SC2019",
  "SC2020",
  "SC2022",
  "SC2023",
  "SC2024",
  "SC2025",
  "SC2027",
  "SC2028",
  "SC2029",
  "SC2050",
  "SC2051",
  "SC2053",
  "SC2054",
] as const;
export type GrammarCode = (typeof GRAMMAR_CODES)[number];

const code = (value: GrammarCode): GrammarCode => value;

function parsed<T>(
  base: z.ZodString,
  parse: (text: string) => T | undefined,
  failure: GrammarCode,
): z.ZodType<T, string> {
  return base.transform((text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.issues.push({ code: "custom", input: text, message: code(failure) });
    return z.NEVER;
  });
}

function toDottedHostname(text: string): string | undefined {
  const hostname = toHostname(text);
  return hostname?.includes(".") ? hostname : undefined;
}

/** The key of a resource or stack and the name of the manifest. */
export const nameSchema: z.ZodString = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, code("SC2010"))
  .meta({ examples: ["storefront"] });

/** A variable that an app sees. */
export const variableSchema: z.ZodString = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,62}$/, code("SC2011"))
  .meta({ examples: ["DB"] });

/** Ids of adapters, of the agent and of approvers. */
export const identifierSchema: z.ZodString = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, code("SC2019"));

export const moneySchema: z.ZodType<Money, string> = parsed(
  z
    .string()
    .regex(/^\d{1,15}(?:\.\d{1,4})? [A-Z]{3}$/, code("SC2012"))
    .meta({ examples: ["12.00 USD"] }),
  parseMoney,
  "SC2012",
);

/** Gives the A-label form. Whether the name can be registered is a question for the whole manifest. */
export const domainSchema: z.ZodType<string, string> = parsed(
  z
    .string()
    .max(253, code("SC2013"))
    .meta({ examples: ["example.com"] }),
  toDottedHostname,
  "SC2013",
);

/** A public suffix, below which names are registered, in A-label form. */
export const tldSchema: z.ZodType<string, string> = parsed(
  z.string().meta({ examples: ["com", "co.uk"] }),
  (text) => {
    const hostname = toHostname(text);
    return hostname !== undefined && splitDomain(hostname).suffix === hostname
      ? hostname
      : undefined;
  },
  "SC2027",
);

export const scheduleSchema: z.ZodString = z
  .string()
  .refine(isCronSchedule, code("SC2014"))
  .meta({ examples: ["0 3 * * *"] });

const REFERENCE = String.raw`\$\{[a-z0-9-]+\.[a-z]+\}`;

/** A host, in which references may stand, and a path with an optional final star. */
export const routeSchema: z.ZodString = z
  .string()
  .max(1024, code("SC2015"))
  .regex(
    new RegExp(String.raw`^(?:[a-z0-9.-]|${REFERENCE})+/[A-Za-z0-9._~%/-]*\*?$`),
    code("SC2015"),
  )
  .meta({ examples: ["example.com/*"] });

export const serviceSchema: z.ZodString = z
  .string()
  .regex(SERVICE_REFERENCE, code("SC2016"))
  .meta({ examples: ["resend/email"] });

/** Gives the path without `./` and a final slash. */
export const pathSchema: z.ZodType<string, string> = parsed(
  z.string().meta({ examples: ["./app"] }),
  toRelativePath,
  "SC2017",
);

export const emailSchema: z.ZodString = z
  .string()
  .max(254, code("SC2018"))
  .regex(
    /^[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+)*@[A-Za-z0-9.-]+$/,
    code("SC2018"),
  )
  .refine(
    (text) => toDottedHostname(text.slice(text.indexOf("@") + 1).toLowerCase()) !== undefined,
    code("SC2018"),
  )
  .meta({ examples: ["founder@example.com"] });

/** A DNS record's name relative to its zone. */
export const recordNameSchema: z.ZodString = z
  .string()
  .max(253, code("SC2020"))
  .regex(
    /^(?:@|\*|(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*)$/,
    code("SC2020"),
  )
  .meta({ examples: ["www"] });

/** Seconds, or 1 for automatic. */
export const ttlSchema: z.ZodInt = z
  .int()
  .min(1)
  .max(86_400)
  .refine((seconds) => seconds === 1 || seconds >= 60, code("SC2022"));

export const subjectSchema: z.ZodString = z
  .string()
  .regex(
    /^(?:\*|(?:human|agent|sub-agent|ci|broker)(?::[A-Za-z0-9][A-Za-z0-9._@-]{0,62})?)$/,
    code("SC2024"),
  )
  .meta({ examples: ["agent", "human:alice"] });

/** `*` or an id. */
export const providerPatternSchema: z.ZodString = z
  .string()
  .regex(/^(?:\*|[a-z0-9._-]{1,63})$/, code("SC2025"))
  .meta({ examples: ["cloudflare"] });

/** `*`, `provider/*` or `provider/service`. */
export const servicePatternSchema: z.ZodString = z
  .string()
  .regex(/^(?:\*|[a-z0-9._-]{1,63}\/(?:\*|[A-Za-z0-9:._-]{1,128}))$/, code("SC2025"))
  .meta({ examples: ["cloudflare/*"] });

export const publicKeySchema: z.ZodString = z
  .string()
  .regex(/^ed25519:[A-Za-z0-9+/]{43}=$/, code("SC2023"))
  .meta({ examples: ["ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="] });

/** The submission prefix of a witness; without encryption on this machine only. */
export const witnessUrlSchema: z.ZodString = z
  .string()
  .regex(
    /^(?:https:\/\/[A-Za-z0-9.-]{1,253}|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]))(?::\d{1,5})?(?:\/[A-Za-z0-9._~/-]{0,500})?$/,
    code("SC2028"),
  )
  .meta({ examples: ["https://witness.example.com/"] });

/** The verifier key of an Ed25519 witness: name, key id, and type 0x04 with the key's 32 bytes in base64. */
export const witnessKeySchema: z.ZodString = z
  .string()
  .regex(/^[!-*,-~]{1,200}\+[0-9a-f]{8}\+B[A-P][A-Za-z0-9+/]{42}$/, code("SC2029"))
  .meta({
    examples: ["witness.example.com/w1+c7d8ba1d+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"],
  });

/** The window of a velocity cap: it rolls. */
export const rollingWindowSchema: z.ZodString = z
  .string()
  .regex(/^[1-9]\d{0,5}[mhd]$/, code("SC2054"))
  .refine((text) => parseDuration(text) !== undefined, code("SC2054"))
  .meta({ examples: ["1h"] });

/** The window of a money cap: of the calendar, or rolling. */
export const windowSchema: z.ZodString = z
  .string()
  .regex(/^(?:day|month|[1-9]\d{0,5}[mhd])$/, code("SC2053"))
  .refine(
    (text) => text === "day" || text === "month" || parseDuration(text) !== undefined,
    code("SC2053"),
  )
  .meta({ examples: ["day", "24h"] });

/** Where a webhook is posted to. */
export const webhookSchema: z.ZodString = z
  .string()
  .refine((text) => readWebhookAddress(text) !== undefined, code("SC2050"))
  .meta({ examples: ["https://hooks.example.com/supercargo"] });

/** A host with a name. */
export const hostSchema: z.ZodString = z
  .string()
  .refine((text) => toHostname(text) === text, code("SC2051"))
  .meta({ examples: ["smtp.example.com"] });
