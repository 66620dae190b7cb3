import type { SourceLocation } from "../../diagnostics/diagnostic.ts";
import type { Money } from "../../util/money.ts";
import type { Verb } from "../vocabulary.ts";

/** What a cap is for: each project, stack, agent, provider or category by itself, or all that one ledger counts. */
export type CapScope = "total" | "project" | "stack" | "agent" | "provider" | "category";

/** A cap of another window than the calendar month. */
export interface WindowCap {
  readonly scope: CapScope;
  /** One of the scope alone: `cloudflare`, a project `shop`, its stack `shop/prod`, an agent `agent:build-bot`; default each of them. */
  readonly only?: string | undefined;
  readonly amount: Money;
  /**
   * `day` or `month` of the calendar (UTC), or a rolling `15m`, `24h`, `30d`. What is due again in later months counts under `month` alone: the day on which a
   * provider charges a renewal is not known.
   */
  readonly window: string;
}

/** How many acts that buy or open something there may be. */
export interface VelocityCap {
  readonly scope: CapScope;
  readonly only?: string | undefined;
  readonly acts: number;
  /** Rolling: `1m`, `1h`, `1d`. */
  readonly window: string;
}

/** What may happen. Money is per calendar month (UTC) unless said otherwise; all of it is in one currency. */
export interface Limits {
  /** Default 100.00 USD. */
  readonly perProvider: Money;
  /** The organisation: all that one ledger counts, default 250.00 USD. */
  readonly total: Money;
  /** Each project, each stack, each agent; none by default. */
  readonly perProject?: Money | undefined;
  readonly perStack?: Money | undefined;
  readonly perAgent?: Money | undefined;
  /** What must be paid again within twelve months: renewals and recurring prices. Default twelve times `total`. */
  readonly commitments?: Money | undefined;
  /** Further caps; where several apply, the tightest decides. */
  readonly windows?: readonly WindowCap[] | undefined;
  /** Default 60 acts in an hour, all that one ledger counts. */
  readonly velocity?: readonly VelocityCap[] | undefined;
  /** One `up`, default 100.00 USD. */
  readonly perRun: Money;
  /** One purchase, default 50.00 USD. */
  readonly perTransaction: Money;
  /** Category -> cap, e.g. `domains`; none by default. */
  readonly categories: Readonly<Record<string, Money>>;
  /** The most of these that may exist: defaults domains 2, accounts 5, tokens 20. */
  readonly counts: {
    readonly domains: number;
    readonly accounts: number;
    readonly tokens: number;
  };
  /** Per cent of a cap at which people are told, ascending, always with the one that blocks; default 50, 80, 90, 100. */
  readonly alerts: readonly number[];
}

/** How people are told. Secrets are named by environment variables and stand in no file. */
export interface AlertRules {
  /** From this per cent of a cap on, nothing is dispatched before a sink has accepted the alert; default 90. */
  readonly blockFrom: number;
  /** So many denials within so many minutes are a burst; default 5 and 10. */
  readonly denials: { readonly count: number; readonly minutes: number };
  /** The file `alerts.jsonl` counts as a sink that has accepted; default: only without webhooks and mail. */
  readonly logIsEnough: boolean;
  /** Default none. */
  readonly webhooks: readonly {
    readonly url: string;
    /** Environment variable with the signing secret. */
    readonly secretFrom: string;
    /** Default false. */
    readonly allowLoopback: boolean;
  }[];
  /** Default none. */
  readonly mail: readonly {
    readonly host: string;
    /** Default 465. */
    readonly port: number;
    readonly from: string;
    readonly to: readonly string[];
    /** Environment variables with the user's name and the password; absent: no login. */
    readonly login?: { readonly userFrom: string; readonly passwordFrom: string } | undefined;
  }[];
}

/** One line of the permission matrix; deny by default, `forbid` beats `permit`. */
export interface PermissionRule {
  readonly effect: "permit" | "forbid";
  /** `human`, `agent`, `sub-agent`, `ci`, `broker` or `*`, alone (all of them) or with an id, `agent:build-bot`. */
  readonly subject: string;
  readonly verbs: readonly Verb[];
  /** Resource kinds, or `*`. */
  readonly kinds: readonly string[];
  /** Conditions, all of which must hold; default none. What is not known counts against the one who asks. */
  readonly when?: PermissionConditions | undefined;
  /** Where the rule stands; undefined for a default rule. */
  readonly origin?: SourceLocation | undefined;
}

/** When a rule of the matrix applies. */
export interface PermissionConditions {
  readonly stack?: "local" | "live" | undefined;
  readonly providers?: readonly string[] | undefined;
  /** Names of manifests. */
  readonly projects?: readonly string[] | undefined;
  /** Verbs that spend: up to this amount at once. */
  readonly maxAmount?: Money | undefined;
}

/** The architect's file, read and completed with the strict defaults. */
export interface Guardrails {
  readonly limits: Limits;
  readonly alerts: AlertRules;
  /** The rules of the file, or the default ones. What agents never may is not among them: no file can say otherwise. */
  readonly permissions: readonly PermissionRule[];
  readonly approvals: {
    /** A person approves what costs money on a live stack, default true. */
    readonly paid: boolean;
    /** A person approves what cannot be undone on a live stack, default true. */
    readonly irreversible: boolean;
    /** Approvals of different people, default 1. */
    readonly count: number;
    /** Default 24. */
    readonly validHours: number;
  };
  /** What may be used at all. In each list `*` alone is everything; a service may also be `provider/*`. */
  readonly allowed: {
    /** Default `*`: every provider of the catalogue. */
    readonly providers: readonly string[];
    /** Default `*`: every service of the catalogue. */
    readonly services: readonly string[];
    /** Without the dot, in A-label form; default com, net, org, dev, app, io. */
    readonly tlds: readonly string[];
  };
  /** Whose signatures count; `publicKey` is `ed25519:` and the key's 32 bytes in base64. */
  readonly approvers: readonly { readonly name: string; readonly publicKey: string }[];
  /** Who must have seen the log before anything is bought; default: the witness of this machine. */
  readonly witness?: { readonly url: string; readonly key: string } | undefined;
}
