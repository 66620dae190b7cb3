import { z } from "zod";
import { VERB_CLASSES, type Verb } from "../compiler/vocabulary.ts";
import type { Json } from "../util/canonical-json.ts";
import { type Money, parseMoney } from "../util/money.ts";
import type { AccessRule } from "./access-rule.ts";
import { assemblePolicy, type PermissionPolicy, toJson } from "./compile-permissions.ts";

const verbs = Object.keys(VERB_CLASSES) as [Verb, ...Verb[]];
const money = z.string().transform((text, context): Money => {
  const amount = parseMoney(text);
  if (amount !== undefined) return amount;
  context.issues.push({ code: "custom", input: text, message: "not an amount" });
  return z.NEVER;
});
const names = z.array(z.string());

const schema = z.strictObject({
  approvers: names,
  rules: z.array(
    z.strictObject({
      id: z.string(),
      effect: z.enum(["permit", "forbid", "approval"]),
      subjects: names,
      verbs: z.array(z.enum(verbs)),
      kinds: names,
      when: z.strictObject({
        stack: z.enum(["local", "live"]).optional(),
        providers: names.optional(),
        projects: names.optional(),
        maxAmount: money.optional(),
        above: money.optional(),
        from: z.int().optional(),
        unpriced: z.literal(true).optional(),
        irreversible: z.literal(true).optional(),
      }),
      approval: z
        .strictObject({
          reason: z.enum(["paid", "unknown-price", "irreversible"]),
          count: z.int(),
          withinMinutes: z.int(),
        })
        .optional(),
    }),
  ),
});

/** A policy as JSON, for keeping; where its rules stood is not kept. */
export function policyToJson({ rules, approvers }: PermissionPolicy): Json {
  return toJson({ approvers, rules: rules.map(({ origin: _, ...rule }) => rule) });
}

/** Reads what {@link policyToJson} gave; undefined for anything else. */
export function readPolicy(value: unknown): PermissionPolicy | undefined {
  const read = schema.safeParse(value);
  if (!read.success) return undefined;
  const rules = read.data.rules.map(
    (rule): AccessRule => ({ ...rule, origin: { kind: "built-in" } }),
  );
  return assemblePolicy(rules, read.data.approvers);
}
