import type { BROKER_ERRORS } from "../broker/errors.ts";
import type { EngineError, ResourceFailure } from "../deploy/engine-error.ts";
import type { Json } from "../util/canonical-json.ts";
import { type FailureKind, type Refusal, refuse } from "./outcome.ts";

/** The broker's codes after which it is a person's turn. */
const PERSON: ReadonlySet<string> = new Set<keyof typeof BROKER_ERRORS>([
  "consent_required",
  "email_mismatch",
  "consent_refused",
  "consent_expired",
  "terms_not_accepted",
  "action_required",
  "information_required",
  "lease_revoked",
  "log_contradicted",
  "log_rolled_back",
  "log_forked",
  "witness_unknown_log",
]);

/** The broker's codes with which guardrails, manifest or budget say no. */
const REFUSED: ReadonlySet<string> = new Set<keyof typeof BROKER_ERRORS>([
  "not_permitted",
  "frozen",
  "cap_exceeded",
  "currency_mismatch",
  "count_exceeded",
  "price_above_maximum",
  "price_changed",
  "price_unknown",
  "service_not_offered",
  "domain_unavailable",
  "domain_never_deleted",
]);

/** Engine errors that are no failure of somebody else. */
const KINDS: Readonly<Partial<Record<EngineError["code"], FailureKind>>> = {
  "unsafe-switch": "refused",
  "state-tampered": "refused",
  "stack-missing": "usage",
};

/** What the broker told about a resource while the engine ran, in our own words. */
export interface BrokerRemark {
  readonly resource: string;
  readonly code: string;
  readonly message: string;
  readonly remedy?: string | undefined;
  /** A link for a person to open. */
  readonly link?: string | undefined;
}

/** An engine error as a refusal, with the reason of each resource. */
export function refuseEngine(error: EngineError, remarks: readonly BrokerRemark[] = []): Refusal {
  const reasons = error.resources.map((failure) => explain(failure, remarks));
  // A bare code says less than the engine's own error.
  const first = reasons.find(({ isBare }) => !isBare);
  const detail = error.detail === undefined ? "" : `: ${error.detail}`;
  return refuse(
    {
      kind: kindOf(error),
      code: error.code,
      message: first === undefined ? `${error.message}${detail}` : first.message,
      remedy: first?.remedy ?? error.remedy,
      details: { resources: reasons.map(({ json }) => json) },
    },
    { warnings: reasons.filter((reason) => reason !== first).map(({ message }) => message) },
  );
}

/** A broker's no weighs more than a provider's: it is what the user can act upon. */
function kindOf({ code, resources }: EngineError): FailureKind {
  const codes = resources.map((failure) => failure.code);
  if (codes.some((name) => PERSON.has(name))) return "person";
  if (codes.some((name) => REFUSED.has(name))) return "refused";
  return KINDS[code] ?? "remote";
}

/** Why one resource failed. */
interface Reason {
  readonly message: string;
  readonly remedy: string | undefined;
  readonly json: Json;
  /** Nothing is known but a code. */
  readonly isBare: boolean;
}

function explain(
  { resource, code, request }: ResourceFailure,
  remarks: readonly BrokerRemark[],
): Reason {
  const remark = remarks.find((entry) => entry.resource === resource && entry.code === code);
  const link = remark?.link === undefined ? {} : { link: remark.link };
  if (remark !== undefined) {
    const message = `${resource}: ${remark.message}`;
    const remedy = remark.link === undefined ? remark.remedy : `Open ${remark.link}`;
    return {
      message,
      remedy,
      json: { resource, code, message: remark.message, ...link },
      isBare: false,
    };
  }
  if (request === undefined) {
    const json = { resource, code };
    return { message: `${resource}: ${code}`, remedy: undefined, json, isBare: true };
  }
  const { method, path, status, codes } = request;
  const answer = status === 0 ? "got no answer" : `was answered with ${status}`;
  const numbers = codes.length === 0 ? "" : ` (${codes.join(", ")})`;
  return {
    message: `${resource}: ${method} ${path} ${answer}${numbers}`,
    remedy: undefined,
    json: { resource, code, method, path, status, codes: [...codes] },
    isBare: false,
  };
}
