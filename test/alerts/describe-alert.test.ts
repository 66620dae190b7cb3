import { describe, expect, test } from "vitest";
import { describeAlert } from "../../src/alerts/describe-alert.ts";
import { findAlerts } from "../../src/alerts/find-alerts.ts";
import { findDenialBurst, findUnknownOutcomes } from "../../src/alerts/find-incidents.ts";
import {
  blockingAlert,
  capUse,
  NOW,
  RULES,
  reservation,
  SUBJECT,
  testAlert,
} from "./arbitraries.ts";

const month = { start: NOW - 86_400_000 * 9, end: NOW + 86_400_000 * 21, renewals: 100n };

describe("an alert in words", () => {
  test("says what is used, of what, by whom and what to do", () => {
    expect(describeAlert(blockingAlert("provider/cloudflare/2026-11"))).toEqual({
      title: "Supercargo: 90 % of the cap provider/cloudflare/2026-11 is reached",
      text: [
        "92.00 USD of 100.00 USD are spent, held or in doubt: 92 % of the cap provider/cloudflare/2026-11.",
        "Nothing more is bought under this cap before this message was accepted.",
        "To stop all spending, run: npx supercargo freeze",
        "agent: build-bot",
        "project: shop",
        "stack: prod",
        "resource: address",
        "provider: cloudflare",
        "when: 2026-11-10T12:00:00.000Z",
        `alert: ${blockingAlert("provider/cloudflare/2026-11").id}`,
      ].join("\n"),
    });
  });

  test("is one title line and plain text for every kind", () => {
    const spend = { amount: { currency: "USD", minor: 4_500n }, categories: ["domains"] };
    const caps = [capUse(4_500n, { span: month })];
    const alerts = [
      ...findAlerts(reservation({ spend, caps }), RULES),
      findDenialBurst(
        { scope: "shop/prod", denials: [NOW, NOW], at: NOW, subject: SUBJECT },
        { count: 2, minutes: 1 },
      ),
      ...findUnknownOutcomes(
        [{ intent: "k", dispatchedAt: NOW - 400_000, held: undefined, subject: {} }],
        NOW,
      ),
      testAlert("a"),
      blockingAlert(),
    ].filter((alert) => alert !== undefined);
    expect(new Set(alerts.map(({ kind }) => kind)).size).toBe(6);
    for (const alert of alerts) {
      const { title, text } = describeAlert(alert);
      expect(title).toMatch(/^Supercargo: [\x20-\x7e]+[^.]$/);
      expect(text).toMatch(/^[\x20-\x7e\n]+$/);
      expect(title + text).not.toMatch(/undefined|null|\[object/);
    }
  });

  test("cannot be broken by a name", () => {
    const resource = "x\r\nBcc: everybody@example.com\u202e\u001b[2J";
    const { title, text } = describeAlert({ ...blockingAlert(resource), subject: { resource } });
    expect(title).not.toMatch(/[\r\n]/);
    expect(text.split("\n").filter((line) => line.startsWith("Bcc"))).toEqual([]);
    expect(title + text).toMatch(/^[\x20-\x7e\n]*$/);
  });
});
