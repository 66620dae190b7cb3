import type { ApprovalNeed } from "../compiler/3-policy/policy-result.ts";
import type { Severity } from "../diagnostics/diagnostic.ts";

/** `supercargo.yaml:12`, the line that caused something. */
export type Place = string;

/** What happens to one resource of the stack. */
export interface ReviewChange {
  readonly op: "create" | "update" | "replace" | "delete" | "read" | "import" | "forget";
  /** The engine's logical name. */
  readonly name: string;
  /** Provider-schema type, or the engine's type for what the manifest no longer has. */
  readonly type: string;
  /** The manifest resource it belongs to; absent for what a provider as a whole needs. */
  readonly resource?: string | undefined;
  /** In our own words: why it is there, or why it goes. */
  readonly cause: string;
  readonly place?: Place | undefined;
  /** Names of the inputs that differ, never their values. */
  readonly changedKeys: readonly string[];
}

/** One line of the bill that is not free. Money is text, `10.44 USD`. */
export interface ReviewCharge {
  readonly resource: string;
  readonly service: string;
  readonly place: Place;
  readonly kind: "fixed" | "one-time" | "usage" | "unknown";
  readonly oneTime?: string | undefined;
  readonly monthly?: string | undefined;
  readonly yearly?: string | undefined;
  /** `0.015 USD per GB-month`. */
  readonly rates: readonly string[];
  readonly source: "catalogue" | "price-book" | "bound";
  /** The catalogue's own words, untrusted. */
  readonly text: string;
  /** It was bought before; nothing one-time is due for it now. */
  readonly exists: boolean;
}

/** What is planned under one cap. */
export interface ReviewCap {
  /** `provider cloudflare in a month`, `one run`. */
  readonly name: string;
  /** One-time and monthly together, in the first month. */
  readonly planned: string;
  readonly cap: string;
  /** May be negative. */
  readonly left: string;
  /** Whole per cent of the cap, rounded down. */
  readonly percent: number;
}

export interface ReviewPermission {
  readonly provider: string;
  readonly group: string;
  readonly scope: string;
  /** Manifest resources that need it. */
  readonly because: readonly string[];
}

export interface ReviewAct {
  readonly resource: string;
  readonly act: string;
  readonly place?: Place | undefined;
}

export interface ReviewFinding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly remedy?: string | undefined;
  readonly place: Place;
}

export interface ReviewApproval {
  readonly reason: ApprovalNeed["reason"];
  readonly resource: string;
  readonly place?: Place | undefined;
}

/** A payment partner, and who enforces what on the payment tokens it issues. */
export interface ReviewIssuer {
  /** The manifest's word. */
  readonly issuer: string;
  readonly title: string;
  /** What the token itself refuses or ends, outside of us. */
  readonly enforces: readonly string[];
  /** What only our ledger and broker see to. */
  readonly ledger: readonly string[];
}

/** A domain whose name is not plain ASCII, in every form in which a person can check it. */
export interface ReviewName {
  readonly resource: string;
  /** A-label form: what is registered. */
  readonly domain: string;
  /** What that stands for, as people see it. Untrusted: renderings escape it. */
  readonly unicode: string;
  /** The ASCII name for which it can be taken; absent when it does not look like one. */
  readonly reading?: string | undefined;
  /** Every character outside ASCII, in order: `U+0430` and its Unicode script. */
  readonly characters: readonly { readonly codePoint: string; readonly script: string }[];
  readonly place: Place;
}

/**
 * Everything that a person approves, in plain JSON. The same input gives the same review; it holds no time, no path of this machine and
 * no secret.
 */
export interface Review {
  readonly version: 1;
  readonly project: string;
  readonly stack: string;
  readonly live: boolean;
  readonly principal: string;
  readonly agent: string;
  /** `refused` when a finding is an error, else `needs-approval` when somebody must approve, else `printed-only` when nothing here applies the stack, else `ready`. */
  readonly verdict: "refused" | "printed-only" | "needs-approval" | "ready";
  /** Absent when the engine was not asked. */
  readonly changes?: readonly ReviewChange[] | undefined;
  /** Resources that stay as they are. */
  readonly unchanged: number;
  readonly cost: {
    /** Now, per currency. */
    readonly oneTime: readonly string[];
    readonly monthly: readonly string[];
    readonly yearly: readonly string[];
    readonly charges: readonly ReviewCharge[];
    readonly caps: readonly ReviewCap[];
  };
  /** In order of preference; absent where nothing is paid. */
  readonly payment?: readonly ReviewIssuer[] | undefined;
  /** Absent when all names are plain ASCII. */
  readonly names?: readonly ReviewName[] | undefined;
  readonly permissions: readonly ReviewPermission[];
  readonly irreversible: readonly ReviewAct[];
  readonly findings: readonly ReviewFinding[];
  readonly approvals: readonly ReviewApproval[];
  /** How many different people must sign, and for how many hours that holds. */
  readonly approvalRule: { readonly count: number; readonly validHours: number };
  /** Hexadecimal SHA-256. */
  readonly digests: {
    readonly manifest: string;
    readonly guardrails: string;
    readonly catalog: string;
    readonly files: readonly { readonly path: string; readonly sha256: string }[];
  };
}
