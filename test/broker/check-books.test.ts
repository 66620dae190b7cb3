import { describe, expect, it } from "vitest";
import { checkBooks, type RawBooks } from "../../src/broker/ledger/check-books.ts";

type Entry = RawBooks["entries"][number];

const ACCOUNT = "total/2026-11";

/** An amount that goes from one side to the other. */
function pair(transfer: number, from: string, to: string, minor: bigint, cap?: bigint): Entry[] {
  const common = { transfer, account: ACCOUNT, unit: "USD", settles: "capture" };
  return [
    { ...common, side: from, minor: -minor, cap: null },
    { ...common, side: to, minor, cap: cap ?? null },
  ];
}

const logged = (intent: string) => JSON.stringify({ intent, amount: "3.00 USD" });

/** One act that was paid in part, and one that still holds. */
const SOUND: RawBooks = {
  intents: [
    { key: "paid", state: "settled" },
    { key: "open", state: "dispatched" },
  ],
  transfers: [
    { id: 1, intent: "paid", phase: "hold", at: 10, hold: null },
    { id: 2, intent: "open", phase: "hold", at: 20, hold: null },
    { id: 3, intent: "paid", phase: "post", at: 30, hold: 1 },
  ],
  entries: [
    ...pair(1, "budget", "held", 300n, 1_000n),
    ...pair(2, "budget", "held", 300n, 1_000n),
    ...pair(3, "held", "spent", 200n),
    ...pair(3, "held", "budget", 100n),
  ],
  log: [logged("paid"), logged("open")],
};

const [PAID_HOLD, OPEN_HOLD, POST] = SOUND.transfers as readonly [
  RawBooks["transfers"][number],
  RawBooks["transfers"][number],
  RawBooks["transfers"][number],
];
const [PAID_INTENT, OPEN_INTENT] = SOUND.intents as readonly [
  RawBooks["intents"][number],
  RawBooks["intents"][number],
];

describe("what cannot be in the books is found", () => {
  it("and sound books have none of it", () => {
    expect(checkBooks(SOUND)).toEqual([]);
  });

  it.each<readonly [code: string, books: Partial<RawBooks>]>([
    ["orphan_entry", { entries: [...SOUND.entries, ...pair(9, "budget", "spent", 1n)] }],
    ["unbalanced_transfer", { entries: SOUND.entries.slice(1) }],
    ["unbalanced_books", { entries: SOUND.entries.slice(1) }],
    [
      "negative_balance",
      { entries: [...SOUND.entries.slice(0, 4), ...pair(3, "held", "spent", 700n)] },
    ],
    [
      "above_cap",
      { entries: [...pair(1, "budget", "held", 300n, 299n), ...SOUND.entries.slice(2)] },
    ],
    ["held_twice", { transfers: [...SOUND.transfers, { ...OPEN_HOLD, id: 4, at: 40 }] }],
    ["resolved_twice", { transfers: [...SOUND.transfers, { ...POST, id: 4 }] }],
    ["resolved_without_hold", { transfers: [PAID_HOLD, OPEN_HOLD, { ...POST, hold: 2 }] }],
    ["resolved_without_hold", { transfers: [OPEN_HOLD, POST] }],
    [
      "resolved_otherwise",
      {
        transfers: [
          ...SOUND.transfers,
          { ...POST, id: 4, intent: "open", phase: "return", hold: 2 },
        ],
      },
    ],
    ["not_resolved_whole", { entries: SOUND.entries.slice(0, 6) }],
    ["open_without_hold", { intents: [{ ...PAID_INTENT, state: "recorded" }, OPEN_INTENT] }],
    ["ended_with_hold", { intents: [PAID_INTENT, { ...OPEN_INTENT, state: "abandoned" }] }],
    ["time_backwards", { transfers: [PAID_HOLD, OPEN_HOLD, { ...POST, at: 19 }] }],
    ["not_in_log", { log: [logged("paid")] }],
    [
      "amount_not_in_log",
      { log: [logged("paid"), JSON.stringify({ intent: "open", amount: "30.00 USD" })] },
    ],
  ])("%s", (code, books) => {
    expect(checkBooks({ ...SOUND, ...books }).map((finding) => finding.code)).toContain(code);
  });
});
