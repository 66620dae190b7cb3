import type { AccountAnswer } from "../../adapters/orchestrators/contract.ts";
import type { Json } from "../../util/canonical-json.ts";
import { eventOf, settle } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import { fail } from "../errors.ts";
import type { Intent, LeaseWrite } from "../ledger/ledger.ts";
import type { LeaseOutputs } from "../protocol.ts";
import { claimAppDomain } from "./app-domain.ts";
import type { Answer, Opening } from "./handler.ts";
import { noteSession } from "./note-session.ts";
import { sealSession } from "./seal-session.ts";

/** Ends an account request with the account that `via` opened; what later calls for it need is what `request` was asked with. */
export async function settleAccount(
  context: BrokerContext,
  { inputs, identity }: Pick<Opening<"account">, "inputs" | "identity">,
  intent: Intent,
  { credentials, claim }: AccountAnswer & { readonly kind: "connected" },
  { via, parameters }: Pick<Intent, "via" | "parameters"> = intent,
): Promise<Answer<"account">> {
  const { accountId } = credentials;
  const known = await context.ledger.leasesOf("account", inputs.provider, accountId);
  const outputs: LeaseOutputs["account"] = { accountId, orchestrator: via };
  const lease: LeaseWrite = {
    id: intent.lease,
    identity,
    kind: "account",
    generation: intent.generation,
    provider: inputs.provider,
    parent: undefined,
    state: "live",
    revocability: "never",
    natural: accountId,
    intent: intent.key,
    inputs: inputs as unknown as Json,
    outputs: outputs as unknown as Json,
    notes: {
      ...parameters,
      ...noteSession(context, inputs.provider, via, credentials),
      ...(claim === undefined ? {} : { claimUntil: claim.expiresAt }),
    },
    expiresAt: undefined,
  };
  const isKnown = known.length > 0;
  const isRelinked = isKnown || via !== intent.via;
  await settle(context, intent, {
    state: "settled",
    lease,
    secrets: sealSession(context, lease.id, credentials, claim),
    uncount: isKnown ? [{ count: "accounts", intent: intent.key, reason: "relinked" }] : [],
    events: [
      { ...eventOf(context, intent, isRelinked ? "account-relinked" : "account-linked"), via },
    ],
  });
  const written = await context.ledger.lease(lease.id);
  return written === undefined ? fail("internal") : claimAppDomain(context, written);
}
