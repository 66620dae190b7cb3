import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { VERB_CLASSES } from "../../src/compiler/vocabulary.ts";
import { readRules } from "./read-text.ts";

const HEAD = "apiVersion: supercargo/v1\n";
const usd = (minor: bigint) => ({ currency: "USD", minor });
const TEMPLATES = join(import.meta.dirname, "../../templates");

describe("readGuardrails", () => {
  test("without a file gives the strict defaults", () => {
    const { value, codes } = readRules(undefined);
    expect(codes).toEqual([]);
    expect(value).toMatchObject({
      limits: {
        perProvider: usd(10_000n),
        total: usd(25_000n),
        perRun: usd(10_000n),
        perTransaction: usd(5_000n),
        categories: {},
        counts: { domains: 2, accounts: 5, tokens: 20 },
        alerts: [50, 80, 90, 100],
      },
      approvals: { paid: true, irreversible: true, count: 1, validHours: 24 },
      allowed: {
        providers: ["*"],
        services: ["*"],
        tlds: ["com", "net", "org", "dev", "app", "io"],
      },
      approvers: [],
    });
  });

  test("a file that says nothing is the same as no file", () => {
    expect(readRules(HEAD).value).toEqual(readRules(undefined).value);
  });

  test("by default an agent may do R0, R1 and R2, and is forbidden R3 and R4", () => {
    const rules = readRules(undefined).value?.permissions ?? [];
    const verbs = (effect: string, subject: string): readonly string[] =>
      rules
        .filter((rule) => rule.effect === effect && rule.subject === subject)
        .flatMap((rule) => rule.verbs);
    const ofClass = (...classes: readonly string[]): readonly string[] =>
      Object.entries(VERB_CLASSES)
        .filter(([, c]) => classes.includes(c))
        .map(([verb]) => verb);
    expect(verbs("permit", "agent")).toEqual(ofClass("R0", "R1", "R2"));
    expect(verbs("forbid", "agent")).toEqual(ofClass("R3", "R4"));
    expect(verbs("forbid", "sub-agent")).toEqual(ofClass("R3", "R4"));
    expect(verbs("forbid", "human")).toEqual([]);
  });

  test("a file's permissions replace the default ones, but agents stay forbidden R3 and R4", () => {
    const { value } = readRules(
      `${HEAD}permissions:\n  - { effect: permit, subject: agent, verbs: [read, delete], kinds: [kv] }\n`,
    );
    const [first, ...rest] = value?.permissions ?? [];
    expect(first).toEqual({
      effect: "permit",
      subject: "agent",
      verbs: ["read", "delete"],
      kinds: ["kv"],
    });
    expect(rest.map(({ effect, subject }) => `${effect} ${subject}`)).toEqual([
      "forbid agent",
      "forbid sub-agent",
    ]);
  });

  test("sorts alert thresholds and refuses one that is there twice", () => {
    expect(
      readRules(`${HEAD}alerts: { thresholds: [95, 10], blockFrom: 100 }\n`).value?.limits.alerts,
    ).toEqual([10, 95, 100]);
    expect(readRules(`${HEAD}alerts: { thresholds: [90, 90] }\n`).codes).toEqual(["SC2007"]);
  });

  test("one public key is one approver", () => {
    const key = `ed25519:${"A".repeat(43)}=`;
    const approver = (name: string): string => `  - { name: ${name}, publicKey: "${key}" }\n`;
    expect(readRules(`${HEAD}approvers:\n${approver("a")}`).codes).toEqual([]);
    expect(readRules(`${HEAD}approvers:\n${approver("a")}${approver("b")}`).codes).toEqual([
      "SC2007",
    ]);
  });

  test("takes caps in another currency if all are in it", () => {
    const caps = ["perProvider", "total", "perRun", "perTransaction"]
      .map((cap) => `${cap}: 50 EUR`)
      .join(", ");
    expect(readRules(`${HEAD}caps: { ${caps} }\n`).value?.limits.total).toEqual({
      currency: "EUR",
      minor: 5000n,
    });
    expect(readRules(`${HEAD}caps: { ${caps}, categories: { domains: 5 USD } }\n`).codes).toEqual([
      "SC2026",
    ]);
  });

  test("the result is deeply frozen", () => {
    const { value } = readRules(undefined);
    expect(Object.isFrozen(value?.limits.total)).toBe(true);
    expect(Object.isFrozen(value?.permissions[0]?.verbs)).toBe(true);
  });

  test("the storefront's guardrails are sound", () => {
    const text = readFileSync(join(TEMPLATES, "storefront/guardrails.yaml"), "utf8");
    expect(readRules(text).codes).toEqual([]);
  });
});
