import type { TokenAnswer } from "../../adapters/vendors/contract.ts";
import { explainWaiting, perform, settleRefused } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import type { Intent, IntentRequest } from "../ledger/ledger.ts";
import type { LeaseInputs } from "../protocol.ts";
import { expireToken } from "../token-life.ts";
import type { AccountAccess } from "./account-access.ts";

type Vendor = NonNullable<AccountAccess["vendor"]>;
type Issued = TokenAnswer & { readonly kind: "issued" };

/** A minted token, and the intent to settle. */
export interface Minted {
  readonly intent: Intent;
  readonly token: Issued;
  readonly expiresAt: string;
}

/**
 * Mints an access token exactly once. Vendors know no idempotency here, and the value is shown only once; so every attempt has a name of its own, and before
 * another attempt all earlier names are looked up and what is found is revoked.
 */
export async function mintToken(
  context: BrokerContext,
  access: AccountAccess,
  inputs: LeaseInputs["access-token"],
  open: Intent | IntentRequest,
): Promise<Minted | BrokerFailure> {
  const { vendor, credential, accountId } = access;
  if (vendor === undefined) return fail("unknown_provider");
  const done = await perform<TokenAnswer & { readonly expiresAt?: string | undefined }>(context, {
    open,
    repeats: 1,
    // Whatever an earlier attempt left was revoked before.
    startsAfresh: true,
    async send(intent) {
      const expiresAt = expireToken(context, inputs);
      const answer = await vendor.issueToken({
        credential,
        accountId,
        name: tokenName(intent, intent.attempts),
        permissions: inputs.permissions,
        zones: inputs.zones,
        expiresAt,
      });
      return answer.kind === "issued" ? { ...answer, expiresAt } : answer;
    },
    async settleDoubt(intent) {
      const isClean = await revokeAttempts(context, vendor, access, intent, intent.attempts);
      return isClean
        ? { kind: "send" }
        : { kind: "answer", answer: { kind: "unknown", code: "orphan_not_revoked" } };
    },
  });
  if (done.kind === "denied") return done.failure;
  if (done.kind === "waiting") return explainWaiting(done.answer);
  const { intent, answer } = done;
  if (answer.kind !== "issued") {
    await settleRefused(context, intent, answer);
    return fail("refused_by_provider");
  }
  return { intent, token: answer, expiresAt: answer.expiresAt ?? "" };
}

/** Revokes what the attempts 1 to `attempts` of an intent left at the vendor. False when that cannot be told. */
export async function revokeAttempts(
  context: BrokerContext,
  vendor: Vendor,
  access: Pick<AccountAccess, "credential" | "accountId">,
  intent: Pick<Intent, "identity" | "key">,
  attempts: number,
): Promise<boolean> {
  const { credential, accountId } = access;
  const { absenceChecks, absencePause } = context.timing;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const name = tokenName(intent, attempt);
    // One look is not proof: what was made a moment ago may not be listed yet.
    for (let look = 1; look <= absenceChecks; look++) {
      const found = await vendor.findToken({ credential, accountId, name });
      if (found.kind === "found") {
        const { tokenId } = found;
        const revoked = await vendor.revokeToken({ credential, accountId, tokenId });
        if (revoked.kind !== "absent") return false;
        break;
      }
      if (found.kind !== "absent") return false;
      if (look < absenceChecks) await context.clock.sleep(absencePause);
    }
  }
  return true;
}

/** Unique for every attempt, and readable in the provider's dashboard. */
function tokenName(intent: Pick<Intent, "identity" | "key">, attempt: number): string {
  const { stack, resource } = intent.identity;
  return `supercargo ${stack}/${resource}`
    .slice(0, 80)
    .concat(` ${intent.key.slice(0, 16)}-${attempt}`);
}
