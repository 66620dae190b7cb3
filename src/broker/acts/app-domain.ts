import type { AppDomainAnswer } from "../../adapters/vendors/contract.ts";
import type { Json } from "../../util/canonical-json.ts";
import { sha256 } from "../../util/sha256.ts";
import { eventOf, explainWaiting, perform, settle, settleRefused } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import type { Lease } from "../ledger/ledger.ts";
import type { LeaseOutputs } from "../protocol.ts";
import { accessLease } from "./account-access.ts";
import { type Answer, nextIntent } from "./handler.ts";

/** Answers with an account, and sees to it that it has a domain for its apps where the vendor has such domains. */
export async function claimAppDomain(
  context: BrokerContext,
  account: Lease,
): Promise<Answer<"account">> {
  const outputs = account.outputs as unknown as LeaseOutputs["account"];
  const vendor = context.adapters.vendors[account.provider];
  const granted = { ok: true, id: account.id, outputs } as const;
  if (outputs.appDomain !== undefined || vendor?.readAppDomain === undefined) return granted;

  const access = await accessLease(context, account);
  if (!access.ok) return access;
  const { credential, accountId } = access;
  const seen = await vendor.readAppDomain({ credential, accountId });
  if (seen.kind === "unknown") return fail("provider_unreachable");
  if (seen.kind === "refused") return granted;
  const found = await claim(context, account, access, seen);
  if (typeof found !== "string") return found ?? granted;
  const next: LeaseOutputs["account"] = { ...outputs, appDomain: found };
  const current = await context.ledger.lease(account.id);
  await context.ledger.change({
    lease: { ...(current ?? account), outputs: next as unknown as Json },
    events: [],
  });
  return { ...granted, outputs: next };
}

/** The account's domain, claimed where there is none. A claim that a broker died over is ended by what is seen now. */
async function claim(
  context: BrokerContext,
  account: Lease,
  access: Extract<Awaited<ReturnType<typeof accessLease>>, { readonly ok: true }>,
  seen: AppDomainAnswer,
): Promise<string | BrokerFailure | undefined> {
  const { vendor, credential, accountId } = access;
  const project = account.identity.project.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const name = `${project.slice(0, 40).replace(/^-|-$/g, "") || "app"}-${sha256(accountId).slice(0, 8)}`;
  const next = await nextIntent(context, account, "claim");
  if (seen.kind === "found") {
    if (next.kind === "new") return seen.domain;
    const isSent = next.intent.attempts > 0;
    await settle(context, next.intent, {
      state: isSent ? "settled" : "abandoned",
      events: [
        isSent
          ? eventOf(context, next.intent, "app-domain-claimed")
          : { ...eventOf(context, next.intent, "act-abandoned"), code: "replaced" },
      ],
    });
    return seen.domain;
  }
  const via = account.provider;
  const done = await perform<AppDomainAnswer>(context, {
    open:
      next.kind === "open"
        ? next.intent
        : {
            ...next.request,
            via,
            fingerprint: "",
            parameters: { name },
            stoppable: true,
            event: eventOf(
              context,
              { ...next.request, via, fingerprint: "" },
              "app-domain-requested",
            ),
          },
    send: async () =>
      (await vendor?.claimAppDomain?.({ credential, accountId, name })) ?? {
        kind: "refused",
        code: "unsupported",
      },
    settleDoubt: async () => ({ kind: "send" }),
  });
  if (done.kind === "denied") return done.failure;
  if (done.kind === "waiting") return explainWaiting(done.answer);
  if (done.answer.kind !== "found") {
    await settleRefused(context, done.intent, done.answer);
    return undefined;
  }
  await settle(context, done.intent, {
    state: "settled",
    events: [eventOf(context, done.intent, "app-domain-claimed")],
  });
  return done.answer.domain;
}
