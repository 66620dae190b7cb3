import { Secret } from "../../util/secret.ts";
import { leaseEvent } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import type { Lease, Revocation } from "../ledger/ledger.ts";
import { openSecrets } from "../secrets.ts";
import { accessToEnd } from "./account-access.ts";
import { isOpen } from "./handler.ts";
import { isTokenOver } from "./is-token-over.ts";

/** What is needed to revoke a credential that its lease no longer holds. */
interface Revocable {
  readonly kind: Revocation["kind"];
  /** Issuer of a payment token, orchestrator of a session. */
  readonly via: string;
  /** The payment token, the access token's id, or a session's credentials as JSON. */
  readonly credential: string;
  /** Of an access token: its own end, in milliseconds since the epoch. */
  readonly expiresAt?: number | undefined;
}

interface SessionCredentials {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
}

/** A replaced credential, sealed for the list of what must be revoked. */
export function sealRevocation(
  context: BrokerContext,
  lease: string,
  revocable: Revocable,
): Omit<Revocation, "id"> {
  const sealed = context.keystore.seal(JSON.stringify(revocable), `revocation/${lease}`);
  return { lease, kind: revocable.kind, sealed };
}

/** Revokes what is on the list. What could not be revoked stays on it: it is tried again with every run and shown until then. */
export async function retryRevocations(context: BrokerContext): Promise<void> {
  await context.exclusively("revocations", async () => {
    for (const revocation of await context.ledger.revocations()) {
      const lease = await context.ledger.lease(revocation.lease);
      if (lease === undefined) continue;
      const text = context.keystore.open(revocation.sealed, `revocation/${revocation.lease}`);
      const revocable = JSON.parse(text) as Revocable;
      const hold = await findHold(context, lease, revocable);
      if (hold === "moving") continue;
      if (hold === "back") {
        const kept = { ...leaseEvent(context, lease, "session-kept"), via: revocable.via };
        await context.ledger.finishRevocation(revocation.id, kept);
        continue;
      }
      if (!(await revoke(context, lease, revocable))) continue;
      const event = leaseEvent(context, lease, `${revocation.kind}-revoked`);
      await context.ledger.finishRevocation(revocation.id, event);
    }
  });
}

/**
 * Why a session that was left must not be ended: its orchestrator vouches for the account again (`back`), or is about to (`moving`), and the end
 * would be that of the session in use.
 */
async function findHold(
  context: BrokerContext,
  lease: Lease,
  { kind, via, credential }: Revocable,
): Promise<"back" | "moving" | undefined> {
  if (kind !== "session") return undefined;
  const move = await context.ledger.latestIntent(lease.identity, "account", "move");
  if (move !== undefined && isOpen(move) && move.via === via) return "moving";
  if (lease.state !== "live" || lease.notes.orchestrator !== via) return undefined;
  const { accessToken } = await openSecrets(context, lease.id);
  const left = (JSON.parse(credential) as SessionCredentials).accessToken;
  const isSame = accessToken?.reveal() === left;
  return isSame || findOrchestrator(context, lease, via)?.endsEverySession ? "back" : undefined;
}

async function revoke(
  context: BrokerContext,
  lease: Lease,
  { kind, via, credential, expiresAt }: Revocable,
): Promise<boolean> {
  const event = leaseEvent(context, lease, `${kind}-revoking`);
  await context.ledger.note([event]);
  await context.ledger.exportLog();
  if (kind === "payment-token") {
    const issuer = context.adapters.issuers.find((one) => one.id === via);
    const state = await issuer?.revoke(new Secret(credential));
    return state?.kind === "deactivated" || state?.kind === "absent";
  }
  if (kind === "session") return endSession(context, lease, via, credential);
  const access = await accessToEnd(context, lease);
  if (!access.ok) return isTokenOver(context, expiresAt, access);
  if (access.vendor === undefined) return false;
  const answer = await access.vendor.revokeToken({
    credential: access.credential,
    accountId: access.accountId,
    tokenId: credential,
  });
  return answer.kind === "absent";
}

async function endSession(
  context: BrokerContext,
  lease: Lease,
  via: string,
  credential: string,
): Promise<boolean> {
  const { accessToken, refreshToken } = JSON.parse(credential) as SessionCredentials;
  const ended = await findOrchestrator(context, lease, via)?.endSession?.({
    accessToken: new Secret(accessToken),
    refreshToken: refreshToken === undefined ? undefined : new Secret(refreshToken),
  });
  return ended?.kind === "ended";
}

function findOrchestrator(context: BrokerContext, { provider }: Lease, via: string) {
  return context.adapters.orchestrators[provider]?.find((one) => one.id === via);
}
