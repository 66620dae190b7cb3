import { formatMoney } from "../../util/money.ts";
import { formatTime } from "../clock.ts";
import type { Intent, Lease, Ledger } from "../ledger/ledger.ts";
import type { Identity, LeaseKind } from "../protocol.ts";
import { vouchedInputs } from "./vouched.ts";

/** An act that was sent and has no answer, or what is known of one by a settlement alone; ready for JSON. */
export interface DoubtLine {
  /** The act's key, which its entries in the log carry, too. */
  readonly act: string;
  readonly identity: Identity;
  readonly kind: LeaseKind;
  readonly verb: string;
  /** A domain's name, a service of the catalogue. */
  readonly object?: string | undefined;
  readonly provider: string;
  /** Through which orchestrator or issuer. */
  readonly via: string;
  readonly held?: string | undefined;
  /** `unknown`, or what the provider waits for; `settled`: a service that exists by somebody's word alone. */
  readonly waiting: string;
  /** When it was sent first. RFC 3339. */
  readonly since: string;
  /** How often it was sent, under one key. */
  readonly attempts: number;
  /** What would show at the provider that it has happened. */
  readonly lookFor: string;
}

/** Everything that a person can settle, oldest first. */
export async function listDoubts(ledger: Ledger): Promise<readonly DoubtLine[]> {
  const sent = (await ledger.openIntents()).filter(({ state }) => state === "dispatched");
  const doubts = await Promise.all(
    sent.map(async (intent): Promise<DoubtLine> => {
      const { key: act, identity, kind, verb, provider, via, attempts, parameters } = intent;
      const held = await ledger.heldBy(act);
      return {
        ...{ act, identity, kind, verb, provider, via, attempts },
        object: typeof parameters.object === "string" ? parameters.object : undefined,
        held: held && formatMoney(held),
        waiting: intent.waiting ?? "unknown",
        since: formatTime(intent.dispatchedAt ?? intent.recordedAt),
        lookFor: describeTrace(intent),
      };
    }),
  );
  const vouched = (await ledger.openLeases()).filter(
    (lease) => lease.kind === "service-instance" && vouchedInputs(lease) !== undefined,
  );
  return [...doubts, ...vouched.map(describeVouched)];
}

function describeVouched(lease: Lease): DoubtLine {
  const { intent: act, identity, kind, provider, createdAt, natural } = lease;
  return {
    ...{ act, identity, kind, provider, verb: "create", via: provider, attempts: 0 },
    waiting: "settled",
    since: formatTime(createdAt),
    lookFor: `a resource that our name ${natural} belongs to; when it is gone: --ended`,
  };
}

/** For people, in our own words. */
function describeTrace({ kind, verb, parameters, key, via, fingerprint }: Intent): string {
  const object = String(parameters.object ?? "");
  const act = `${verb} ${kind}`;
  switch (act) {
    case "create domain":
      return `the domain ${object} among the account's registrations, or its charge`;
    case "update domain":
      return `whether ${object} renews by itself: ${fingerprint === "true" ? "on" : "off"} means happened`;
    case "create service-instance":
      return `a resource of ${object} that our name svc_${key.slice(0, 40)} belongs to, or its charge`;
    case "create account":
      return `an account of ${String(parameters.email ?? "the principal")} that was not there before`;
    case "create payment-token":
    case "replace payment-token":
      return `a payment token for ${String(parameters.payee ?? "the provider")} in the dashboard of ${via}`;
    case "create access-token":
    case "replace access-token":
      return `an API token whose name holds ${key.slice(0, 16)}`;
    default:
      return `whether the ${verb} of this ${kind} has been done`;
  }
}
