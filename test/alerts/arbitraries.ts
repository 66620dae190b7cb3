import type { TestAlert, ThresholdAlert } from "../../src/alerts/alert.ts";
import { identifyAlert } from "../../src/alerts/alert.ts";
import type { CapUse, Reservation } from "../../src/alerts/reservation.ts";

export const NOW = Date.parse("2026-11-10T12:00:00.000Z");
export const SUBJECT = {
  agent: "build-bot",
  project: "shop",
  stack: "prod",
  resource: "address",
  provider: "cloudflare",
} as const;
export const RULES = { thresholds: [50, 80, 90, 100], blockFrom: 90 } as const;

export const capUse = (committed: bigint, overrides: Partial<CapUse> = {}): CapUse => ({
  cap: "provider/cloudflare/2026-11",
  window: "2026-11",
  unit: { currency: "USD" },
  limit: 10_000n,
  committed,
  ...overrides,
});

export const reservation = (overrides: Partial<Reservation> = {}): Reservation => ({
  at: NOW,
  subject: SUBJECT,
  caps: [],
  ...overrides,
});

/** A blocking alert about a cap. */
export const blockingAlert = (cap = "total/2026-11"): ThresholdAlert => ({
  kind: "threshold",
  id: identifyAlert("threshold", [cap, "90"]),
  severity: "critical",
  blocks: true,
  at: new Date(NOW).toISOString(),
  subject: SUBJECT,
  cap,
  window: "2026-11",
  threshold: 90,
  share: 92,
  limit: "100.00 USD",
  committed: "92.00 USD",
});

export const testAlert = (name: string): TestAlert => ({
  kind: "test",
  id: identifyAlert("test", [name]),
  severity: "info",
  blocks: false,
  at: new Date(NOW).toISOString(),
  subject: SUBJECT,
});
