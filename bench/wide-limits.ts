import type { Limits } from "../src/compiler/1-manifest/guardrails.ts";

const wide = { currency: "USD", minor: 1_000_000_000_000n };

/** A cap of every scope and kind of window, none of which is ever reached: a record holds on all of them. */
export const WIDE_LIMITS: Limits = {
  ...{ perProvider: wide, total: wide, perProject: wide, perStack: wide, perAgent: wide },
  ...{ commitments: wide, perRun: wide, perTransaction: wide },
  categories: { storage: wide },
  windows: [
    { scope: "total", amount: wide, window: "day" },
    { scope: "provider", amount: wide, window: "24h" },
  ],
  velocity: [{ scope: "total", acts: 1_000_000_000, window: "1h" }],
  counts: { domains: 1_000_000, accounts: 1_000_000, tokens: 1_000_000 },
  alerts: [50, 80, 90, 100],
};
