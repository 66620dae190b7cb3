import type { DomainAnswer } from "../../adapters/vendors/contract.ts";
import { accessLease } from "../acts/account-access.ts";
import { settleDomainDoubt } from "../acts/domain-doubt.ts";
import type { BrokerContext } from "../context.ts";
import type { Intent, Waiting } from "../ledger/ledger.ts";
import { lastSent } from "./last-sent.ts";

/** What the provider says of an act that has no answer. Only the first two are certain. */
export type Finding =
  | { readonly kind: "happened"; readonly seen: DomainAnswer & { readonly kind: "registered" } }
  | { readonly kind: "never" }
  /** The provider knows the act and is not done: nobody can say yet how it ends. */
  | { readonly kind: "under-way" }
  | { readonly kind: "uncertain" };

/** What the provider said last of an act that it has accepted, and that may still end either way. */
const ACCEPTED: ReadonlySet<Waiting | undefined> = new Set(["pending", "action", "information"]);

/**
 * Looks for an act that may have been sent, without sending anything that acts. Only a domain can be looked for by its name; services, accounts and
 * tokens have no name at the provider that we know without its answer, so that of them the provider's last word counts.
 */
export async function lookAgain(context: BrokerContext, intent: Intent): Promise<Finding> {
  const finding = await findDomain(context, intent);
  return finding.kind === "uncertain" && ACCEPTED.has(intent.waiting)
    ? { kind: "under-way" }
    : finding;
}

async function findDomain(context: BrokerContext, intent: Intent): Promise<Finding> {
  const account = await context.ledger.lease(String(intent.parameters.accountLease ?? ""));
  const isDomain = intent.kind === "domain" && intent.verb === "create";
  if (!isDomain || account === undefined || account.state === "closed")
    return { kind: "uncertain" };
  const access = await accessLease(context, account);
  if (!access.ok || access.vendor === undefined) return { kind: "uncertain" };
  const { credential, accountId, vendor } = access;
  const domain = String(intent.parameters.object);
  // The years are not in the journal; a quote is only asked for whether the name can be had.
  const input = { credential, accountId, domain, years: 1, autoRenew: false };
  const patient = { ...context, timing: { ...context.timing, pollTotal: 0 } };
  const doubt = await settleDomainDoubt(patient, vendor, input, intent);
  const age = context.clock.now() - lastSent(intent);
  if (doubt.kind === "send")
    return { kind: age > context.timing.consistencyWindow ? "never" : "uncertain" };
  const { answer } = doubt;
  switch (answer.kind) {
    case "registered":
      return { kind: "happened", seen: answer };
    case "refused":
      return { kind: "never" };
    case "pending":
    case "action-required":
      return { kind: "under-way" };
    default:
      return { kind: "uncertain" };
  }
}
