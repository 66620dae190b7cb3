import { formatMoney, parseMoney } from "../util/money.ts";
import { openArena } from "./attack/arena.ts";
import type { AttemptResult } from "./attack/attempt.ts";
import { ATTEMPTS } from "./attack/attempts.ts";
import { type Outcome, refuse, succeed } from "./outcome.ts";
import type { Workplace } from "./workplace.ts";

/** An attempt with the entries of the log that tell of it. */
export interface AttackEntry extends AttemptResult {
  readonly title: string;
  /** First and last sequence number, or undefined when nothing was asked of the broker. */
  readonly entries: readonly [number, number] | undefined;
}

export interface AttackResult {
  readonly attempts: readonly AttackEntry[];
  /** What the provider's own books show as charged. */
  readonly charged: string;
  readonly cap: string;
  /** How much more than the cap. */
  readonly over: string;
  readonly seconds: number;
}

/** Lets a hostile agent try, in a sandbox of its own, everything that the promises forbid. Fails when anything gets through. */
export async function demoAttack(
  workplace: Workplace,
  { onAttempt }: { readonly onAttempt: (entry: AttackEntry) => void },
): Promise<Outcome<AttackResult>> {
  const started = Date.now();
  workplace.progress.step("building an arena: a sandbox, a broker, an account, a payment token");
  const arena = await openArena(workplace);
  try {
    const attempts: AttackEntry[] = [];
    for (const { title, run } of ATTEMPTS) {
      workplace.signal.throwIfAborted();
      workplace.progress.step(`the agent tries to ${title}`);
      const first = arena.logLength();
      const result = await run(arena);
      const last = arena.logLength() - 1;
      const entries = last < first ? undefined : ([first, last] as const);
      const entry = { title, ...result, entries };
      attempts.push(entry);
      onAttempt(entry);
    }
    const { charges } = await arena.books();
    const cap = arena.compiled.model.limits.total;
    const charged = charges.reduce(
      (sum, { amount }) => sum + (parseMoney(amount)?.minor ?? 0n),
      0n,
    );
    const over = charged > cap.minor ? charged - cap.minor : 0n;
    const money = (minor: bigint): string => formatMoney({ currency: cap.currency, minor });
    const result: AttackResult = {
      attempts,
      charged: money(charged),
      cap: money(cap.minor),
      over: money(over),
      seconds: Math.round((Date.now() - started) / 1000),
    };
    const through = attempts.filter(({ stopped }) => !stopped);
    if (through.length === 0 && over === 0n) return succeed(result);
    return refuse({
      kind: "remote",
      code: "attack-succeeded",
      message: `the agent got through: ${through.map(({ title }) => title).join("; ")}`,
      details: { over: result.over, through: through.map(({ title, by }) => ({ title, by })) },
    });
  } finally {
    await arena.close();
  }
}
