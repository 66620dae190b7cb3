/** Rows as the store has them. Amounts are whole numbers of minor units. */
export interface RawBooks {
  readonly intents: readonly { readonly key: string; readonly state: string }[];
  readonly transfers: readonly {
    readonly id: number;
    readonly intent: string;
    readonly phase: string;
    readonly at: number;
    /** Of a resolution: the transfer that it resolves. */
    readonly hold: number | null;
  }[];
  /** In the order of their transfers. */
  readonly entries: readonly {
    readonly transfer: number;
    readonly account: string;
    readonly side: string;
    readonly unit: string;
    readonly minor: bigint;
    readonly settles: string;
    readonly cap: bigint | null;
  }[];
  /** The log's entries, JSON texts. */
  readonly log: readonly string[];
}

/** Something about the books that cannot be. */
export interface BookFinding {
  readonly code: keyof typeof BOOK_FINDINGS;
  /** Intent or account. */
  readonly about: string;
}

/** Every finding, as a sentence. */
export const BOOK_FINDINGS = {
  orphan_entry: "an amount belongs to no movement",
  unbalanced_transfer: "a movement's amounts do not add up to zero",
  unbalanced_books: "all amounts of a currency do not add up to zero",
  negative_balance: "an account gave more than it had",
  above_cap: "more was held than the cap of that time allowed",
  held_twice: "an act holds twice",
  resolved_twice: "a hold was resolved twice",
  resolved_without_hold: "an act resolved another hold than its own",
  resolved_otherwise: "a hold was resolved by what resolves none",
  not_resolved_whole: "of a hold a part was left",
  open_without_hold: "an act that has not ended holds nothing any more",
  ended_with_hold: "an act that has ended still holds",
  time_backwards: "a movement is earlier than the one before",
  not_in_log: "an act is not in the log",
  amount_not_in_log: "an amount that was held is not in the log",
} as const;

/**
 * Derives the books anew from the raw entries and the log, by another way than the writer's, and shares no code with it. Every hold is compared with the cap
 * that it was measured against.
 */
export function checkBooks(raw: RawBooks): readonly BookFinding[] {
  return [...checkBalances(raw), ...checkPhases(raw), ...checkIntents(raw), ...checkLog(raw)];
}

function checkBalances({ transfers, entries }: RawBooks): readonly BookFinding[] {
  const findings: BookFinding[] = [];
  const known = new Set(transfers.map(({ id }) => id));
  const ofTransfer = new Map<string, bigint>();
  const ofUnit = new Map<string, bigint>();
  const sides = new Map<string, bigint>();
  const add = (sums: Map<string, bigint>, key: string, minor: bigint): bigint => {
    const sum = (sums.get(key) ?? 0n) + minor;
    sums.set(key, sum);
    return sum;
  };
  for (const { transfer, account, side, unit, minor, cap } of entries) {
    if (!known.has(transfer)) findings.push({ code: "orphan_entry", about: account });
    add(ofTransfer, `${transfer} ${unit}`, minor);
    add(ofUnit, unit, minor);
    const balance = add(sides, `${account} ${unit} ${side}`, minor);
    if (side !== "budget" && balance < 0n)
      findings.push({ code: "negative_balance", about: account });
    if (cap === null) continue;
    const used =
      (sides.get(`${account} ${unit} held`) ?? 0n) + (sides.get(`${account} ${unit} spent`) ?? 0n);
    if (used > cap) findings.push({ code: "above_cap", about: account });
  }
  for (const [about, sum] of ofTransfer)
    if (sum !== 0n) findings.push({ code: "unbalanced_transfer", about });
  for (const [about, sum] of ofUnit)
    if (sum !== 0n) findings.push({ code: "unbalanced_books", about });
  return findings;
}

/** A hold is resolved at most once, and then whole. */
function checkPhases({ transfers, entries }: RawBooks): readonly BookFinding[] {
  const findings: BookFinding[] = [];
  const held = new Map<string, { readonly id: number; readonly moved: Map<string, bigint> }>();
  const byTransfer = Map.groupBy(entries, ({ transfer }) => transfer);
  const resolved = new Set<string>();
  let time = Number.NEGATIVE_INFINITY;
  for (const { id, intent, phase, at, hold: named } of transfers) {
    if (at < time) findings.push({ code: "time_backwards", about: intent });
    time = at;
    const moved = new Map<string, bigint>();
    for (const { account, unit, side, minor } of byTransfer.get(id) ?? [])
      if (side === "held")
        moved.set(`${account} ${unit}`, (moved.get(`${account} ${unit}`) ?? 0n) + minor);
    if (phase === "hold") {
      if (held.has(intent)) findings.push({ code: "held_twice", about: intent });
      held.set(intent, { id, moved });
    }
    if (phase !== "post" && phase !== "void") {
      // The writer takes a hold that is named for resolved.
      if (named !== null) findings.push({ code: "resolved_otherwise", about: intent });
      continue;
    }
    const hold = held.get(intent);
    if (resolved.has(intent)) findings.push({ code: "resolved_twice", about: intent });
    resolved.add(intent);
    if (hold === undefined || hold.id !== named) {
      findings.push({ code: "resolved_without_hold", about: intent });
      continue;
    }
    const isWhole =
      hold.moved.size === moved.size &&
      [...hold.moved].every(([account, minor]) => moved.get(account) === -minor);
    if (!isWhole) findings.push({ code: "not_resolved_whole", about: intent });
  }
  return findings;
}

/** An act that has not ended holds its money, and one that has ended holds none. */
function checkIntents({ intents, transfers, entries }: RawBooks): readonly BookFinding[] {
  const withHeld = new Set(
    entries.filter(({ side }) => side === "held").map(({ transfer }) => transfer),
  );
  const held = new Set(
    transfers.filter(({ id, phase }) => phase === "hold" && withHeld.has(id)).map((t) => t.intent),
  );
  const resolved = new Set(
    transfers.filter(({ phase }) => phase === "post" || phase === "void").map((t) => t.intent),
  );
  return intents.flatMap(({ key, state }): BookFinding[] => {
    if (!held.has(key)) return [];
    const isOpen = ["recorded", "dispatched", "answered"].includes(state);
    if (isOpen && resolved.has(key)) return [{ code: "open_without_hold", about: key }];
    return !isOpen && !resolved.has(key) ? [{ code: "ended_with_hold", about: key }] : [];
  });
}

/** Every act is in the log, and every amount that was held for one. */
function checkLog({ intents, transfers, entries, log }: RawBooks): readonly BookFinding[] {
  const amounts = new Map<string, Set<string>>();
  for (const text of log) {
    const { intent, amount } = JSON.parse(text) as { intent?: string; amount?: string };
    if (intent === undefined) continue;
    const own = amounts.get(intent) ?? new Set();
    amounts.set(intent, own);
    if (amount !== undefined) own.add(amount.replace(/[^0-9A-Z]/g, "").replace(/^0+(?=\d)/, ""));
  }
  const keys = new Set(intents.map(({ key }) => key));
  const byTransfer = Map.groupBy(entries, ({ transfer }) => transfer);
  const missing = [...keys].filter((key) => !amounts.has(key));
  const unlogged = transfers
    .filter(({ intent, phase }) => phase === "hold" && keys.has(intent))
    .filter(({ id, intent }) =>
      (byTransfer.get(id) ?? []).some(
        ({ side, settles, unit, minor }) =>
          side === "held" &&
          settles === "capture" &&
          amounts.get(intent)?.has(`${minor}${unit}`) !== true,
      ),
    );
  return [
    ...missing.map((about): BookFinding => ({ code: "not_in_log", about })),
    ...unlogged.map(({ intent }): BookFinding => ({ code: "amount_not_in_log", about: intent })),
  ];
}
