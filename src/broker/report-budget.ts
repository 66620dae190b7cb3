import type { Alert, AlertSeverity } from "../alerts/alert.ts";
import { describeAlert } from "../alerts/describe-alert.ts";
import { forecastUse } from "../alerts/forecast-use.ts";
import type { Limits } from "../compiler/1-manifest/guardrails.ts";
import { formatMoney } from "../util/money.ts";
import { formatTime } from "./clock.ts";
import type { KeptAlert } from "./ledger/alert-book.ts";
import { findLimit } from "./ledger/find-limit.ts";
import type { CountName, Ledger } from "./ledger/ledger.ts";
import type { UsageLine } from "./ledger/list-usage.ts";
import { monthOf, nameWindow, spanOf } from "./ledger/windows.ts";

/** One cap or account, ready for JSON: money is text. What is used is spent + held + unknown. */
export interface BudgetLine {
  /** `provider/cloudflare/2026-11`, `total/2026-11`, `agent/agent:build-bot/2026-11`, `commitments` ... */
  readonly cap: string;
  readonly limit?: string | undefined;
  readonly spent: string;
  /** For acts that are under way. */
  readonly held: string;
  /** Held by acts that were sent and have no answer. */
  readonly unknown: string;
  /** Due again in the twelve months after this one; of the cap `commitments`, all that is promised. */
  readonly committed: string;
  /** At the end of the calendar window, at this pace and with its renewals; absent for other windows. */
  readonly forecast?: string | undefined;
  readonly left?: string | undefined;
  /** Per cent of the limit, rounded down; absent without a limit in the same currency. */
  readonly share?:
    | {
        readonly spent: number;
        readonly held: number;
        readonly unknown: number;
        readonly used: number;
      }
    | undefined;
  /** The forecast is above the limit. */
  readonly isTight: boolean;
}

export interface BudgetReport {
  /** `2026-11` (UTC). */
  readonly month: string;
  /** The organisation first, then providers, agents and what else is capped or used. */
  readonly lines: readonly BudgetLine[];
  readonly counts: readonly {
    readonly count: CountName;
    readonly used: number;
    readonly limit: number;
  }[];
  /** Those that nobody was told yet, and those of this month, oldest first. */
  readonly alerts: readonly {
    readonly id: string;
    readonly kind: Alert["kind"];
    readonly severity: AlertSeverity;
    /** Nothing under its cap is bought before somebody was told. */
    readonly blocks: boolean;
    readonly at: string;
    readonly text: string;
    readonly told?: string | undefined;
  }[];
  readonly frozen: readonly { readonly scope: string; readonly since: string }[];
}

const FAMILIES = ["total", "provider", "agent", "category", "project", "stack", "commitments"];

/** Where every cap stands, for people; see {@link BudgetReport}. */
export async function reportBudget(ledger: Ledger, limits: Limits): Promise<BudgetReport> {
  const now = await ledger.now();
  const month = monthOf(now);
  const counts = await ledger.counts();
  const usage = (await ledger.usage()).filter((line) => isPresent(line, now));
  const expected = [
    `total/${month}`,
    ...Object.keys(limits.categories).map((name) => `category/${name}/${month}`),
    "commitments",
  ];
  const missing = expected
    .filter((cap) => usage.every((line) => line.cap !== cap))
    .map((cap): UsageLine => ({ ...NOTHING, cap, currency: limits.total.currency }));
  return {
    month,
    lines: [...usage, ...missing].toSorted(byFamily).map((line) => showLine(line, limits, now)),
    counts: (["domains", "accounts", "tokens"] as const).map((count) => ({
      ...{ count, used: counts[count], limit: limits.counts[count] },
    })),
    alerts: (await ledger.alerts())
      .filter(({ alert, told }) => !told || alert.at.startsWith(month))
      .map(showAlert),
    frozen: (await ledger.freezes()).map(({ scope, at }) => ({ scope, since: formatTime(at) })),
  };
}

const NOTHING = { held: 0n, spent: 0n, unknown: 0n, renewals: 0n, committed: 0n };

/** This month, today, rolling windows and what has no window; runs and payment tokens while they hold something. */
function isPresent({ cap, held }: UsageLine, now: number): boolean {
  if (/^(run|token)\//.test(cap)) return held > 0n;
  const span = spanOf(cap);
  return (
    span === undefined ||
    cap.endsWith(`/${monthOf(now)}`) ||
    cap.endsWith(`/${nameWindow("day", now)}`)
  );
}

function byFamily(a: UsageLine, b: UsageLine): number {
  const rank = ({ cap }: UsageLine): number => {
    const index = FAMILIES.indexOf(cap.split("/", 1)[0] ?? "");
    return index < 0 ? FAMILIES.length : index;
  };
  return rank(a) - rank(b) || (a.cap < b.cap ? -1 : 1);
}

function showLine(line: UsageLine, limits: Limits, now: number): BudgetLine {
  const { cap, currency, held, unknown } = line;
  // What is under `commitments` is promised, not spent.
  const isPromised = cap === "commitments";
  const spent = isPromised ? 0n : line.spent;
  const committed = isPromised ? line.spent + held : line.committed;
  const money = (minor: bigint): string => formatMoney({ currency, minor });
  const limit = findLimit(limits, cap, now);
  const used = held + line.spent;
  const span = spanOf(cap);
  const forecast = span && forecastUse(used, { ...span, renewals: line.renewals }, now);
  const base = {
    cap,
    limit: limit && formatMoney(limit),
    spent: money(spent),
    held: money(isPromised ? 0n : held - unknown),
    unknown: money(unknown),
    committed: money(committed),
    forecast: forecast === undefined ? undefined : money(forecast),
  };
  if (limit === undefined || limit.currency !== currency) return { ...base, isTight: false };
  const waiting = isPromised ? used : held - unknown;
  const part = (minor: bigint): number =>
    limit.minor === 0n ? (minor > 0n ? 100 : 0) : Number((minor * 100n) / limit.minor);
  return {
    ...base,
    left: money(limit.minor - used),
    share: {
      spent: part(spent),
      held: part(waiting),
      unknown: part(unknown),
      used: part(used),
    },
    isTight: forecast !== undefined && forecast > limit.minor,
  };
}

function showAlert({ alert, toldAt }: KeptAlert): BudgetReport["alerts"][number] {
  const { id, kind, severity, blocks, at } = alert;
  const text = describeAlert(alert).title.replace(/^Supercargo: /, "");
  return {
    ...{ id, kind, severity, blocks, at, text },
    told: toldAt === undefined ? undefined : formatTime(toldAt),
  };
}
