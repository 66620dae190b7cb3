import type { Limits } from "../compiler/1-manifest/guardrails.ts";
import { formatMoney } from "../util/money.ts";
import { formatTime } from "./clock.ts";
import { type LeaseNode, listLeaseNodes } from "./leases/lease-tree.ts";
import { findLimit } from "./ledger/find-limit.ts";
import {
  type CapLine,
  type CountName,
  type Ledger,
  QUEUED_UNTIL,
  type Waiting,
} from "./ledger/ledger.ts";
import { monthOf } from "./ledger/windows.ts";
import type { Identity, LeaseKind } from "./protocol.ts";

/** Where the home stands, ready for JSON: money and times are text. */
export interface BrokerSummary {
  readonly month: string;
  /** This month's caps, then other accounts that hold or spent something. */
  readonly caps: readonly {
    /** `provider/cloudflare/2026-11`, `total/2026-11`, `category/domains/2026-11`, `run/...`, `token/...` */
    readonly cap: string;
    readonly spent: string;
    readonly held: string;
    readonly limit?: string | undefined;
    readonly left?: string | undefined;
  }[];
  readonly counts: readonly {
    readonly count: CountName;
    readonly used: number;
    readonly limit: number;
  }[];
  /** Acts without an end: their money stays held. */
  readonly open: readonly {
    /** The act's key. */
    readonly act: string;
    readonly identity: Identity;
    readonly kind: LeaseKind;
    readonly verb: string;
    readonly provider: string;
    /** A domain's name, a service of the catalogue. */
    readonly object?: string | undefined;
    readonly waiting: Waiting | "unsent";
    readonly held?: string | undefined;
    readonly since: string;
    /** Of a queued purchase: it is sent before this time or never. */
    readonly until?: string | undefined;
  }[];
  readonly leases: readonly LeaseLine[];
  /** The same as a tree with the sessions, parents first. */
  readonly tree: readonly LeaseNode[];
  /** What outlives the stack: kept accounts, and every domain. */
  readonly retained: readonly LeaseLine[];
  /** Replaced credentials that could not be revoked yet, by lease. */
  readonly unrevoked: readonly { readonly lease: string; readonly kind: string }[];
  readonly frozen: readonly {
    readonly scope: string;
    readonly reason: string;
    readonly since: string;
  }[];
}

interface LeaseLine {
  readonly id: string;
  readonly identity: Identity;
  readonly kind: LeaseKind;
  readonly provider: string;
  readonly state: string;
  /** `now`, `expires` or `never`. */
  readonly revocability: string;
  readonly parent?: string | undefined;
  readonly expiresAt?: string | undefined;
  /** What a domain costs again next time. */
  readonly renewal?: string | undefined;
  /** RFC 3339; an account that nobody has claimed by then is gone. */
  readonly claimUntil?: string | undefined;
}

/** Reads the whole ledger for people. */
export async function summarize(ledger: Ledger, limits: Limits): Promise<BrokerSummary> {
  const now = await ledger.now();
  const month = monthOf(now);
  const counts = await ledger.counts();
  const openLeases = await ledger.openLeases();
  const leases = openLeases.map((lease): LeaseLine => {
    const { id, identity, kind, provider, state, revocability, parent, expiresAt, notes } = lease;
    return {
      ...{ id, identity, kind, provider, state, revocability, parent },
      expiresAt: expiresAt === undefined ? undefined : formatTime(expiresAt),
      renewal: kind === "domain" ? String(notes.renewal ?? "") : undefined,
      claimUntil: typeof notes.claimUntil === "string" ? notes.claimUntil : undefined,
    };
  });
  const open = await Promise.all(
    (await ledger.openIntents()).map(async (intent) => {
      const held = await ledger.heldBy(intent.key);
      const { identity, kind, verb, provider, waiting, recordedAt, parameters } = intent;
      return {
        ...{ act: intent.key, identity, kind, verb, provider },
        object: typeof parameters.object === "string" ? parameters.object : undefined,
        waiting: waiting ?? ("unsent" as const),
        held: held === undefined ? undefined : formatMoney(held),
        since: formatTime(recordedAt),
        until: waiting === "queued" ? formatTime(Number(parameters[QUEUED_UNTIL])) : undefined,
      };
    }),
  );
  return {
    month,
    caps: listCapLines(await ledger.caps(), limits, now, leases),
    counts: (["domains", "accounts", "tokens"] as const).map((count) => ({
      count,
      used: counts[count],
      limit: limits.counts[count],
    })),
    open,
    leases,
    tree: listLeaseNodes(openLeases),
    retained: leases.filter(({ kind, state }) => kind === "domain" || state === "kept"),
    unrevoked: (await ledger.revocations()).map(({ lease, kind }) => ({ lease, kind })),
    frozen: (await ledger.freezes()).map(({ scope, reason, at }) => ({
      scope,
      reason,
      since: formatTime(at),
    })),
  };
}

function listCapLines(
  lines: readonly CapLine[],
  limits: Limits,
  now: number,
  leases: readonly LeaseLine[],
): BrokerSummary["caps"] {
  const month = monthOf(now);
  const providers = new Set(
    leases.map(({ provider }) => provider).filter((provider) => provider !== "broker"),
  );
  const expected = [
    `total/${month}`,
    ...[...providers].sort().map((provider) => `provider/${provider}/${month}`),
    ...Object.keys(limits.categories)
      .sort()
      .map((category) => `category/${category}/${month}`),
  ];
  const others = lines.map(({ cap }) => cap).filter((cap) => !expected.includes(cap));
  return [...expected, ...new Set(others)].flatMap((cap) => {
    const limit = findLimit(limits, cap, now);
    const own = lines.filter((line) => line.cap === cap);
    const currency = limit?.currency ?? limits.total.currency;
    const shown = own.length > 0 ? own : [{ cap, currency, held: 0n, spent: 0n } satisfies CapLine];
    return shown.map((line) => {
      const money = (minor: bigint): string => formatMoney({ currency: line.currency, minor });
      const isComparable = limit?.currency === line.currency;
      return {
        cap,
        spent: money(line.spent),
        held: money(line.held),
        limit: limit === undefined ? undefined : formatMoney(limit),
        left:
          limit !== undefined && isComparable
            ? money(limit.minor - line.spent - line.held)
            : undefined,
      };
    });
  });
}
