import type { AccountAnswer, Orchestrator } from "../../adapters/orchestrators/contract.ts";
import { eventOf, type Performed, perform } from "../act.ts";
import { formatTime } from "../clock.ts";
import type { BrokerContext } from "../context.ts";
import type { Intent } from "../ledger/ledger.ts";
import type { Identity } from "../protocol.ts";
import { nextIntent } from "./handler.ts";

/** How long a person has to consent. */
const REQUEST_LIFE_MS = 86_400_000;

/** The account that is to be opened through another orchestrator. */
export interface LinkTarget {
  /** Why: the first one is silent, or a person moves the account. */
  readonly verb: "link" | "move";
  /** The account's lease, written or not yet. */
  readonly lease: string;
  readonly identity: Identity;
  readonly provider: string;
  readonly email: string;
  readonly name: string;
}

/**
 * Asks an orchestrator to open the account that the provider has for this principal; no account can come of it. An unfinished request goes on
 * with the orchestrator that it was begun with: `elsewhere` when that is another one.
 */
export async function requestLink(
  context: BrokerContext,
  { verb, lease, identity, provider, email, name }: LinkTarget,
  orchestrator: Orchestrator,
): Promise<Performed<AccountAnswer> | { readonly kind: "elsewhere" }> {
  const about = { id: lease, identity, kind: "account" as const, provider };
  const next = await nextIntent(context, about, verb);
  if (next.kind === "open" && next.intent.via !== orchestrator.id) return { kind: "elsewhere" };
  const send = ({ parameters }: Intent): Promise<AccountAnswer> =>
    orchestrator.requestAccount({
      requestId: String(parameters.requestId),
      email: String(parameters.email),
      name: String(parameters.name),
      expiresAt: String(parameters.expiresAt),
      mode: "link",
    });
  if (next.kind === "open")
    return perform(context, {
      open: next.intent,
      send,
      settleDoubt: async () => ({ kind: "send" }),
    });
  const act = { ...next.request, via: orchestrator.id, fingerprint: "" };
  return perform(context, {
    open: {
      ...act,
      parameters: {
        requestId: `areq_${act.key.slice(0, 40)}`,
        email,
        name,
        expiresAt: formatTime(context.clock.now() + REQUEST_LIFE_MS),
        mode: "link",
      },
      stoppable: true,
      event: eventOf(context, act, "account-link-requested"),
    },
    repeats: 1,
    send,
    // A link makes nothing, so asking again is always safe.
    settleDoubt: async () => ({ kind: "send" }),
  });
}
