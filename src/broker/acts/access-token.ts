import type { TokenAnswer } from "../../adapters/vendors/contract.ts";
import type { Json } from "../../util/canonical-json.ts";
import { eventOf, leaseEvent, perform, settle, settleRefused } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import { fingerprintInputs } from "../identifiers.ts";
import type { Lease, LeaseWrite } from "../ledger/ledger.ts";
import type { LeaseInputs } from "../protocol.ts";
import { openSecrets, sealSecrets } from "../secrets.ts";
import { expireToken } from "../token-life.ts";
import { type AccountAccess, accessAccount, accessParent, accessToEnd } from "./account-access.ts";
import {
  type Answer,
  GONE,
  type Handler,
  identifyIntent,
  nextIntent,
  type Opening,
} from "./handler.ts";
import { isTokenOver } from "./is-token-over.ts";
import { type Minted, mintToken } from "./mint-token.ts";
import { retryRevocations, sealRevocation } from "./revocations.ts";
import { describeTokenAct, revokeAtVendor } from "./revoke-access-token.ts";

type Inputs = LeaseInputs["access-token"];

/** A stack's own least-privilege token at its provider. Its value is kept sealed, for it is shown once and Pulumi may ask again. */
export const accessTokenHandler: Handler<"access-token"> = {
  open: openToken,

  async adopt(context, lease, inputs) {
    const outcome = await ensureToken(context, lease, inputs);
    if (typeof outcome !== "string") return outcome;
    const current = await context.ledger.lease(lease.id);
    if (current === undefined) return fail("internal");
    await context.ledger.note([leaseEvent(context, current, "access-token-adopted")]);
    return grant(context, current);
  },

  async read(context, lease) {
    const access = await accessToEnd(context, lease);
    if (!access.ok) return isTokenOver(context, lease.expiresAt, access) ? GONE : access;
    const seen = await look(access, lease);
    if (seen.kind === "absent") return GONE;
    if (seen.kind !== "found") return fail("provider_unreachable");
    if (seen.status === "disabled") return fail("token_disabled");
    return seen.status === "expired" ? GONE : grant(context, lease);
  },

  async update(context, lease, inputs) {
    const outcome = await ensureToken(context, lease, inputs);
    if (typeof outcome !== "string") return outcome;
    const current = await context.ledger.lease(lease.id);
    return current === undefined ? fail("internal") : grant(context, current);
  },

  async remove(context, lease) {
    const failure = await revokeAtVendor(context, lease, {
      lease: { ...lease, state: "closed" },
      uncount: [{ count: "tokens", intent: lease.intent, reason: "revoked" }],
    });
    return failure ?? GONE;
  },

  revoke: (context, lease) =>
    revokeAtVendor(context, lease, { lease: { ...lease, state: "revoked" } }),

  async rotate(context, lease) {
    const access = await accessParent(context, lease);
    if (!access.ok) return access;
    const seen = await look(access, lease);
    if (seen.kind !== "found" && seen.kind !== "absent") return fail("provider_unreachable");
    const inputs = lease.inputs as unknown as Inputs;
    const outcome = await remint(context, access, lease, inputs, seen.kind === "found");
    return typeof outcome === "string" ? undefined : outcome;
  },
};

async function openToken(
  context: BrokerContext,
  opening: Opening<"access-token">,
): Promise<Answer<"access-token">> {
  const { identity, inputs, generation } = opening;
  const access = await accessAccount(context, identity, inputs.provider, inputs.account);
  if (!access.ok) return access;
  const ids = identifyIntent("access-token", "create", identity, generation, inputs);
  const via = { ...ids, provider: inputs.provider, via: inputs.provider };
  const minted = await mintToken(
    context,
    access,
    inputs,
    opening.intent ?? {
      ...via,
      parameters: { accountLease: access.account.id },
      run: context.run(),
      count: "tokens",
      stoppable: true,
      event: eventOf(context, via, "access-token-requested"),
    },
  );
  if ("ok" in minted) return minted;
  const { intent } = minted;
  const lease: LeaseWrite = {
    id: intent.lease,
    identity,
    kind: "access-token",
    generation: intent.generation,
    provider: inputs.provider,
    parent: access.account.id,
    state: "live",
    revocability: "now",
    intent: intent.key,
    ...mintedPart(inputs, minted, access),
  };
  await settle(context, intent, {
    state: "settled",
    lease,
    secrets: sealSecrets(context, lease.id, { value: minted.token.value }),
    events: [eventOf(context, intent, "access-token-issued")],
  });
  return grant(context, lease);
}

/**
 * Makes the lease's token be what the inputs say and live for another `ttlSeconds`: renews it with its value unchanged, or mints another when it is gone or
 * needs other permissions.
 */
export async function ensureToken(
  context: BrokerContext,
  lease: Lease,
  inputs: Inputs,
): Promise<"renewed" | "reminted" | BrokerFailure> {
  const access = await accessParent(context, lease);
  if (!access.ok) return access;
  const former = lease.inputs as unknown as Inputs;
  const isSame =
    fingerprintInputs("access-token", former) === fingerprintInputs("access-token", inputs);
  const unfinished = await nextIntent(context, lease, "replace");
  const seen = await look(access, lease);
  if (seen.kind === "found" && seen.status === "disabled") return fail("token_disabled");
  if (seen.kind !== "found" && seen.kind !== "absent") return fail("provider_unreachable");
  if (seen.kind === "absent" || !isSame || unfinished.kind === "open")
    return remint(context, access, lease, inputs, seen.kind === "found");

  const about = await describeTokenAct(context, lease, "renew", "access-token-renewing");
  const done = await perform<TokenAnswer>(context, {
    open: about,
    send: () =>
      access.vendor === undefined
        ? Promise.resolve({ kind: "refused", code: "unsupported" })
        : access.vendor.renewToken({
            credential: access.credential,
            accountId: access.accountId,
            tokenId: lease.natural,
            expiresAt: expireToken(context, inputs),
          }),
    settleDoubt: async () => ({ kind: "send" }),
  });
  if (done.kind === "denied") return done.failure;
  if (done.kind === "waiting") return fail("provider_unreachable");
  if (done.answer.kind !== "found" || done.answer.status !== "active") {
    await settleRefused(context, done.intent, done.answer);
    return done.answer.kind === "absent"
      ? remint(context, access, lease, inputs, false)
      : fail("refused_by_provider");
  }
  await settle(context, done.intent, {
    state: "settled",
    lease: {
      ...lease,
      inputs: inputs as unknown as Json,
      expiresAt: Date.parse(done.answer.expiresAt),
    },
    events: [eventOf(context, done.intent, "access-token-renewed")],
  });
  return "renewed";
}

async function remint(
  context: BrokerContext,
  access: AccountAccess,
  lease: Lease,
  inputs: Inputs,
  mustRevokeOld: boolean,
): Promise<"reminted" | BrokerFailure> {
  const fingerprint = fingerprintInputs("access-token", inputs);
  const open = await describeTokenAct(
    context,
    lease,
    "replace",
    "access-token-requested",
    fingerprint,
    true,
  );
  if (open.fingerprint !== fingerprint) return fail("payload_changed");
  const minted = await mintToken(context, access, inputs, open);
  if ("ok" in minted) return minted;
  await settle(context, minted.intent, {
    state: "settled",
    lease: { ...lease, ...mintedPart(inputs, minted, access), state: "live" },
    secrets: sealSecrets(context, lease.id, { value: minted.token.value }),
    revoke: mustRevokeOld
      ? sealRevocation(context, lease.id, {
          kind: "access-token",
          via: lease.provider,
          credential: lease.natural,
          expiresAt: lease.expiresAt,
        })
      : undefined,
    events: [eventOf(context, minted.intent, "access-token-updated")],
  });
  await retryRevocations(context);
  return "reminted";
}

/** What a token that was just minted says about its lease. `mintings` names what a later sweep must look for. */
function mintedPart(
  inputs: Inputs,
  { intent, token, expiresAt }: Minted,
  access: AccountAccess,
): Pick<LeaseWrite, "natural" | "inputs" | "outputs" | "notes" | "expiresAt"> {
  return {
    natural: token.tokenId,
    inputs: inputs as unknown as Json,
    outputs: { tokenId: token.tokenId, endpoint: access.vendor?.endpoint ?? "" },
    notes: { mintedBy: intent.key, attempts: intent.attempts },
    expiresAt: Date.parse(expiresAt),
  };
}

function look(access: AccountAccess, lease: Lease): Promise<TokenAnswer> {
  const { vendor, credential, accountId } = access;
  if (vendor === undefined) return Promise.resolve({ kind: "unknown", code: "no_vendor" });
  return vendor.readToken({ credential, accountId, tokenId: lease.natural });
}

async function grant(context: BrokerContext, lease: LeaseWrite): Promise<Answer<"access-token">> {
  const { value } = await openSecrets(context, lease.id);
  if (value === undefined) return fail("internal");
  const { tokenId, endpoint } = lease.outputs as { tokenId: string; endpoint: string };
  return { ok: true, id: lease.id, outputs: { tokenId, value: value.reveal(), endpoint } };
}
