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

  test("caps have every scope and window, and by default 60 acts an hour and twelve totals of commitments", () => {
    expect(readRules(undefined).value?.limits).toMatchObject({
      commitments: usd(300_000n),
      windows: [],
      velocity: [{ scope: "total", acts: 60, window: "1h" }],
    });
    expect(readRules(undefined).value?.limits.perProject).toBeUndefined();
    const { value, codes } = readRules(
      `${HEAD}caps:
  total: 40.00 USD
  perProject: 30.00 USD
  perStack: 20.00 USD
  perAgent: 10.00 USD
  windows: [{ scope: provider, only: cloudflare, amount: 20.00 USD, window: 24h }]
  velocity: [{ scope: agent, only: "agent:build-bot", acts: 10, window: 1h }]
`,
    );
    expect(codes).toEqual([]);
    expect(value?.limits).toMatchObject({
      perProject: usd(3000n),
      perStack: usd(2000n),
      perAgent: usd(1000n),
      commitments: usd(48_000n),
      windows: [{ scope: "provider", only: "cloudflare", amount: usd(2000n), window: "24h" }],
      velocity: [{ scope: "agent", only: "agent:build-bot", acts: 10, window: "1h" }],
    });
  });

  test.each([
    ["windows: [{ scope: team, amount: 1 USD, window: day }]", "SC2004"],
    ["windows: [{ scope: total, amount: 1 EUR, window: day }]", "SC2026"],
    ["perAgent: 1 EUR", "SC2026"],
    ["commitments: 1 EUR", "SC2026"],
    ["windows: [{ scope: total, amount: 1 USD, window: 0h }]", "SC2053"],
    ["velocity: [{ scope: total, acts: 1, window: 367d }]", "SC2054"],
    ["velocity: [{ scope: agent, only: build-bot, acts: 1, window: 1h }]", "SC2055"],
    ["velocity: [{ scope: total, acts: -1, window: 1h }]", "SC2005"],
  ])("caps refuse %s", (text, code) => {
    expect(readRules(`${HEAD}caps: { ${text} }\n`).codes).toEqual([code]);
  });

  test("by default an agent may do R0, R1 and R2, a sub-agent R0 and R1, and people everything", () => {
    const rules = readRules(undefined).value?.permissions ?? [];
    const verbs = (subject: string): readonly string[] =>
      rules
        .filter((rule) => rule.effect === "permit" && rule.subject === subject)
        .flatMap((rule) => rule.verbs);
    const ofClass = (...classes: readonly string[]): readonly string[] =>
      Object.entries(VERB_CLASSES)
        .filter(([, c]) => classes.includes(c))
        .map(([verb]) => verb);
    expect(verbs("agent")).toEqual(ofClass("R0", "R1", "R2"));
    expect(verbs("sub-agent")).toEqual(ofClass("R0", "R1"));
    expect(verbs("human")).toEqual(Object.keys(VERB_CLASSES));
  });

  test("a file's permissions replace the default ones, and each knows where it stands", () => {
    const { value } = readRules(
      `${HEAD}permissions:\n  - { effect: permit, subject: agent, verbs: [read, delete], kinds: [kv], when: { stack: local } }\n`,
    );
    expect(value?.permissions).toMatchObject([
      {
        effect: "permit",
        subject: "agent",
        verbs: ["read", "delete"],
        kinds: ["kv"],
        when: { stack: "local" },
        origin: { path: "permissions[0]" },
      },
    ]);
    expect(value?.permissions[0]?.origin?.range.start.line).toBeGreaterThan(1);
  });

  test("an amount in a rule is in the currency of the caps", () => {
    const rule = (amount: string) =>
      `${HEAD}permissions:\n  - { effect: permit, subject: agent, verbs: [create-paid], when: { maxAmount: ${amount} } }\n`;
    expect(readRules(rule("5.00 USD")).codes).toEqual([]);
    expect(readRules(rule("5.00 EUR")).codes).toEqual(["SC2026"]);
  });

  test("sorts alert thresholds and refuses one that is there twice", () => {
    expect(
      readRules(`${HEAD}alerts: { thresholds: [95, 10], blockFrom: 100 }\n`).value?.limits.alerts,
    ).toEqual([10, 95, 100]);
    expect(readRules(`${HEAD}alerts: { thresholds: [90, 90] }\n`).codes).toEqual(["SC2007"]);
  });

  test("promise 7: the share that blocks is always among the thresholds", () => {
    const { value } = readRules(`${HEAD}alerts: { thresholds: [50], blockFrom: 85 }\n`);
    expect(value?.limits.alerts).toEqual([50, 85]);
    expect(value?.alerts.blockFrom).toBe(85);
    expect(readRules(`${HEAD}alerts: { blockFrom: 0 }\n`).codes).toEqual(["SC2005"]);
    expect(readRules(`${HEAD}alerts: { blockFrom: 101 }\n`).codes).toEqual(["SC2005"]);
    expect(readRules(`${HEAD}alerts: [50, 90]\n`).codes).toEqual(["SC2003"]);
  });

  test("promise 7: the log is enough only while nothing else is configured, or when the file says so", () => {
    const webhook = "{ url: https://hooks.example.com/x, secretFrom: ALERT_SECRET }";
    const isEnough = (alerts: string) =>
      readRules(`${HEAD}alerts: { ${alerts} }\n`).value?.alerts.logIsEnough;
    expect(readRules(undefined).value?.alerts).toEqual({
      blockFrom: 90,
      denials: { count: 5, minutes: 10 },
      logIsEnough: true,
      webhooks: [],
      mail: [],
    });
    expect(isEnough(`webhooks: [${webhook}]`)).toBe(false);
    expect(isEnough(`webhooks: [${webhook}], logIsEnough: true`)).toBe(true);
    expect(isEnough("logIsEnough: false")).toBe(false);
  });

  test("sinks name environment variables and have defaults", () => {
    const webhook = "{ url: https://hooks.example.com/x, secretFrom: ALERT_SECRET }";
    const mail =
      "{ host: smtp.example.com, from: a@example.com, to: [b@example.com], login: { userFrom: U, passwordFrom: P } }";
    const { value, codes } = readRules(
      `${HEAD}alerts: { webhooks: [${webhook}], mail: [${mail}] }\n`,
    );
    expect(codes).toEqual([]);
    expect(value?.alerts).toMatchObject({
      webhooks: [{ allowLoopback: false }],
      mail: [{ port: 465, login: { userFrom: "U", passwordFrom: "P" } }],
    });
  });

  test.each([
    ["an address without TLS", "webhooks: [{ url: http://a.example/x, secretFrom: A }]", "SC2050"],
    ["a private address", "webhooks: [{ url: https://10.0.0.1/, secretFrom: A }]", "SC2050"],
    [
      "a login in an address",
      "webhooks: [{ url: https://a:b@c.example/, secretFrom: A }]",
      "SC2050",
    ],
    ["this machine, unsaid", "webhooks: [{ url: http://localhost/, secretFrom: A }]", "SC2052"],
    ["a secret in the file", "webhooks: [{ url: https://a.example/, secret: whsec_x }]", "SC2001"],
    ["no secret at all", "webhooks: [{ url: https://a.example/ }]", "SC2002"],
    [
      "a mail host with a port",
      "mail: [{ host: a.example:25, from: a@b.example, to: [a@b.example] }]",
      "SC2051",
    ],
    [
      "a login without password",
      "mail: [{ host: a.example, from: a@b.example, to: [a@b.example], login: { userFrom: U } }]",
      "SC2002",
    ],
    ["nobody to tell", "mail: [{ host: a.example, from: a@b.example, to: [] }]", "SC2006"],
  ])("alerts refuse %s", (_name, alerts, code) => {
    expect(readRules(`${HEAD}alerts: { ${alerts} }\n`).codes).toContain(code);
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
