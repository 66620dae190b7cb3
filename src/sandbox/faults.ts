/** Ways in which a request can go wrong on demand. */
export const FAULT_KINDS = [
  /** Closes the socket; nothing is handled. */
  "refuse",
  /** Never answers; nothing is handled. Ends when the faults are cleared or the sandbox closes. */
  "hang",
  /** Answers 500; nothing is handled. */
  "status500",
  /** Handles, then answers 500 in place of the true answer. */
  "status500-after",
  /** Answers 429 with `Retry-After: 1`; nothing is handled. */
  "status429",
  /** Handles, then closes the socket without an answer. */
  "drop-after",
  /** Handles twice, one after the other; the second answer is sent. */
  "duplicate",
  /** Waits `ms`, then handles. */
  "slow",
  /** Handles, then sends the true status with a body that is cut off. */
  "malformed",
  /** Answers 200 with well-formed JSON that has nothing of the protocol; nothing is handled. */
  "other-schema",
  /** Handles, then sends the true answer with every id, account and domain name of it somebody else's. */
  "foreign",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** One rule of `POST /sandbox/faults`. */
export interface FaultRule {
  readonly match: {
    /** Any method when absent. */
    readonly method?: string | undefined;
    /** Regular expression over the path, not anchored. */
    readonly path: string;
  };
  readonly kind: FaultKind;
  /** The first matching request that it strikes, counted from 1. Default 1. */
  readonly nth: number;
  /** How many matching requests it strikes from there; null for all. Default 1. */
  readonly times: number | null;
  /** For `slow`. Default 1000. */
  readonly ms: number;
  /**
   * Where it strikes. `edge` (default) is in front of every surface. `execution` is inside the issuer, after its idempotency layer has taken the request on;
   * there only `status500`, `status500-after` and `slow` exist, and the answer is stored as the idempotent one.
   */
  readonly layer: "edge" | "execution";
}

/** A rule with its history. */
export interface FaultEntry extends FaultRule {
  readonly id: string;
  /** Matching requests so far. */
  readonly seen: number;
  /** Requests that it struck. */
  readonly fired: number;
}

/** The rules in force, oldest first. They live in memory: a restart clears them. */
export interface Faults {
  add(rule: FaultRule): FaultEntry;
  list(): readonly FaultEntry[];
  /** Removes all rules and ends what hangs. */
  clear(): void;
  /** Calls back when the rules are cleared, once. */
  onClear(callback: () => void): void;
  /** The rule that strikes this request, if any. Every matching rule counts it; the oldest that is due strikes. */
  take(request: {
    readonly method: string;
    readonly path: string;
    readonly layer: FaultRule["layer"];
  }): FaultEntry | undefined;
}

/** Starts without rules. */
export function createFaults(): Faults {
  let entries: FaultEntry[] = [];
  let callbacks: (() => void)[] = [];
  let count = 0;
  return {
    add(rule) {
      count += 1;
      const entry: FaultEntry = { ...rule, id: `fault_${count}`, seen: 0, fired: 0 };
      entries.push(entry);
      return entry;
    },
    list: () => entries,
    clear() {
      entries = [];
      const waiting = callbacks;
      callbacks = [];
      for (const callback of waiting) callback();
    },
    onClear: (callback) => {
      callbacks.push(callback);
    },
    take(request) {
      let struck: FaultEntry | undefined;
      entries = entries.map((entry) => {
        if (!isMatch(entry, request)) return entry;
        const seen = entry.seen + 1;
        const isDue =
          struck === undefined &&
          seen >= entry.nth &&
          (entry.times === null || entry.fired < entry.times);
        const next = { ...entry, seen, fired: entry.fired + (isDue ? 1 : 0) };
        if (isDue) struck = next;
        return next;
      });
      return struck;
    },
  };
}

function isMatch(rule: FaultRule, request: Parameters<Faults["take"]>[0]): boolean {
  if (rule.layer !== request.layer) return false;
  if (rule.match.method !== undefined && rule.match.method !== request.method) return false;
  return new RegExp(rule.match.path).test(request.path);
}
