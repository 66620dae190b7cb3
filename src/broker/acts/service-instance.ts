import type { Left, ResourceAnswer } from "../../adapters/orchestrators/contract.ts";
import type { Json } from "../../util/canonical-json.ts";
import { eventOf, explainWaiting, leaseEvent, perform, settle, settleRefused } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import { vouchedInputs } from "../doubts/vouched.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import { fingerprintInputs } from "../identifiers.ts";
import type { Intent, Lease, LeaseWrite } from "../ledger/ledger.ts";
import type { LeaseInputs, LeaseOutputs } from "../protocol.ts";
import { openSecrets, sealSecrets } from "../secrets.ts";
import { type AccountAccess, accessAccount, accessToEnd } from "./account-access.ts";
import { changeCredentials } from "./change-credentials.ts";
import { type Answer, GONE, type Gone, type Handler, nextIntent, type Opening } from "./handler.ts";
import { pollPending } from "./poll.ts";
import { prepareService, queueService } from "./prepare-service.ts";
import { revealPayment } from "./reveal-payment.ts";

type Inputs = LeaseInputs["service-instance"];
type Complete = ResourceAnswer & { readonly kind: "complete" };

/** Services of the catalogue, through the provisioning protocol. */
export const serviceInstanceHandler: Handler<"service-instance"> = {
  open: openInstance,

  async adopt(context, lease, inputs) {
    if (vouchedInputs(lease) !== undefined) return fail("settled_by_hand");
    const seen = await observe(context, lease);
    if ("ok" in seen) return isGone(seen) ? end(context, lease) : seen;
    if (seen.kind === "removed" || seen.kind === "absent") return end(context, lease);
    if (seen.kind === "unknown") return fail("provider_unreachable");
    await context.ledger.note([leaseEvent(context, lease, "service-adopted")]);
    return takeOver(context, lease, inputs);
  },

  async read(context, lease) {
    if (vouchedInputs(lease) !== undefined) return fail("settled_by_hand");
    const seen = await observe(context, lease);
    if ("ok" in seen) return isGone(seen) ? GONE : seen;
    if (seen.kind === "removed" || seen.kind === "absent") return GONE;
    return seen.kind === "unknown" ? fail("provider_unreachable") : grant(context, lease);
  },

  update: (context, lease, inputs) => takeOver(context, lease, inputs),

  async remove(context, lease) {
    // Its id at the provider is not known, so what is absent there under our name for it is no proof that it is gone.
    if (vouchedInputs(lease) !== undefined) return fail("settled_by_hand");
    const access = await accessToEnd(context, lease);
    if (!access.ok) return isGone(access) ? end(context, lease) : access;
    const { orchestrator, credential: accessToken } = access;
    const next = await nextIntent(context, lease, "delete");
    const via = orchestrator.id;
    const id = lease.natural;
    const about = next.kind === "open" ? next.intent : { ...next.request, via, fingerprint: "" };
    const done = await perform<ResourceAnswer | Left>(context, {
      open:
        next.kind === "open"
          ? next.intent
          : {
              ...next.request,
              via,
              fingerprint: "",
              parameters: { accountLease: access.account.id },
              stoppable: false,
              event: eventOf(context, about, "service-removing"),
            },
      async send() {
        const first = await orchestrator.removeResource({ accessToken, id });
        if (first.kind === "left") return first;
        const last = await pollPending(context, first, () =>
          orchestrator.readResource({ accessToken, id }),
        );
        const isProof = last.kind === "removed" || last.kind === "absent";
        return isProof ? last : { kind: "unknown", code: "not_removed" };
      },
      settleDoubt: async () => ({ kind: "send" }),
    });
    if (done.kind === "denied") return done.failure;
    if (done.kind === "waiting") return fail("not_revoked");
    const name = done.answer.kind === "left" ? "service-left" : "service-removed";
    await settle(context, done.intent, {
      state: "settled",
      lease: { ...lease, state: "closed" },
      events: [eventOf(context, done.intent, name)],
    });
    return GONE;
  },

  revoke: (context, lease) => changeCredentials(context, lease, "revoked"),
  rotate: (context, lease) => changeCredentials(context, lease, "live"),
};

async function openInstance(
  context: BrokerContext,
  opening: Opening<"service-instance">,
): Promise<Answer<"service-instance">> {
  const { identity, inputs } = opening;
  const service = serviceId(inputs);
  if (service === undefined) return fail("bad_request");
  const access = await accessAccount(context, identity, inputs.provider, inputs.account);
  if (!access.ok)
    return access.code === "provider_unreachable" ? queueService(context, opening) : access;
  const open = await prepareService(context, opening, access);
  if ("ok" in open) return open;
  const { orchestrator, credential: accessToken } = access;
  const pays = open.parameters.pays === true;
  const token = await context.ledger.lease(inputs.paymentToken);
  const payer = pays && token?.parent === access.account.id ? token : undefined;
  if (pays && payer === undefined) return fail("payment_token_missing");

  const done = await perform<ResourceAnswer>(context, {
    open,
    repeats: 1,
    // An account of nobody comes with all that it has, which is free: what is asked for is found there, however often.
    ...(!pays &&
      orchestrator.capabilities.needsClaim && {
        settleDoubt: async () => ({ kind: "send" as const }),
        startsAfresh: true,
      }),
    async send(intent) {
      const given = payer && (await revealPayment(context, payer));
      if (given !== undefined && given.kind !== "revealed") return given;
      const first = await orchestrator.createResource({
        accessToken,
        resourceId: `svc_${intent.key.slice(0, 40)}`,
        service,
        config: inputs.config,
        paymentToken: given?.credential,
        paymentType: given?.type,
      });
      return pollPending(context, first, (last) =>
        orchestrator.readResource({ accessToken, id: "id" in last ? last.id : "" }),
      );
    },
  });
  if (done.kind === "denied") return done.failure;
  if (done.kind === "waiting") return explainWaiting(done.answer);
  if (done.answer.kind === "complete")
    return keep(context, opening, access, done.intent, done.answer);
  // It was there and somebody removed it, so it may have been charged.
  if (done.answer.kind === "removed") {
    const event = eventOf(context, done.intent, "service-removed");
    await settle(context, done.intent, { state: "settled", capture: "whole", events: [event] });
  } else {
    await settleRefused(context, done.intent, done.answer);
  }
  const code = done.answer.kind === "refused" ? done.answer.code : undefined;
  return fail(code === "claim_expired" ? "account_gone" : "refused_by_provider");
}

/** An account of nobody takes all that is in it with it. */
function isGone({ code }: BrokerFailure): boolean {
  return code === "account_gone";
}

/** What another lease holds is not handed out a second time: whoever dropped one of both would delete what the other one lives on. */
async function keep(
  context: BrokerContext,
  opening: Opening<"service-instance">,
  access: AccountAccess,
  intent: Intent,
  answer: Complete,
): Promise<Answer<"service-instance">> {
  const { provider } = opening.inputs;
  return context.exclusively(`service/${provider}/${answer.id}`, async () => {
    const known = await context.ledger.leasesOf("service-instance", provider, answer.id);
    if (known.every(({ id, state }) => state === "closed" || id === intent.lease))
      return write(context, opening, access, intent, answer);
    const event = { ...eventOf(context, intent, "act-refused"), code: "service_held" };
    // What costs money may have been charged.
    const ended =
      intent.parameters.pays === true
        ? ({ state: "settled", capture: "whole" } as const)
        : ({ state: "refused" } as const);
    await settle(context, intent, { ...ended, events: [event] });
    return fail("service_held");
  });
}

async function write(
  context: BrokerContext,
  { identity, inputs }: Opening<"service-instance">,
  access: AccountAccess,
  intent: Intent,
  answer: Complete,
): Promise<Answer<"service-instance">> {
  const lease: LeaseWrite = {
    id: intent.lease,
    identity,
    kind: "service-instance",
    generation: intent.generation,
    provider: inputs.provider,
    parent: access.account.id,
    state: "live",
    revocability:
      access.orchestrator.capabilities.rotates && Object.keys(answer.access).length > 0
        ? "now"
        : "never",
    natural: answer.id,
    intent: intent.key,
    inputs: inputs as unknown as Json,
    outputs: { instanceId: answer.id, status: "complete" },
    notes: {},
    expiresAt: undefined,
  };
  await settle(context, intent, {
    state: "settled",
    capture: "whole",
    lease,
    secrets: sealSecrets(context, lease.id, answer.access),
    events: [eventOf(context, intent, "service-provisioned")],
  });
  return grant(context, lease);
}

/** Only a reference to a payment token can change in place. */
async function takeOver(
  context: BrokerContext,
  lease: Lease,
  inputs: Inputs,
): Promise<Answer<"service-instance">> {
  const former = lease.inputs as unknown as Inputs;
  const kind = "service-instance";
  if (fingerprintInputs(kind, former) !== fingerprintInputs(kind, inputs))
    return fail("update_unsupported");
  if (former.paymentToken !== inputs.paymentToken)
    await context.ledger.change({
      lease: { ...lease, inputs: inputs as unknown as Json },
      events: [leaseEvent(context, lease, "service-updated")],
    });
  return grant(context, lease);
}

async function observe(
  context: BrokerContext,
  lease: Lease,
): Promise<ResourceAnswer | BrokerFailure> {
  const access = await accessToEnd(context, lease);
  if (!access.ok) return access;
  const { orchestrator, credential: accessToken } = access;
  return orchestrator.readResource({ accessToken, id: lease.natural });
}

async function end(context: BrokerContext, lease: Lease): Promise<Gone> {
  const closed: LeaseWrite = { ...lease, state: "closed" };
  await context.ledger.change({
    lease: closed,
    events: [leaseEvent(context, closed, "service-removed")],
  });
  return GONE;
}

/** `service` is `provider/service_id`; the provider knows the second part. */
function serviceId({ provider, service }: Inputs): string | undefined {
  return service.startsWith(`${provider}/`) ? service.slice(provider.length + 1) : undefined;
}

async function grant(
  context: BrokerContext,
  lease: LeaseWrite,
): Promise<Answer<"service-instance">> {
  const secrets = await openSecrets(context, lease.id);
  const credentials = Object.fromEntries(
    Object.entries(secrets).map(([name, secret]) => [name, secret.reveal()]),
  );
  const { instanceId, status } = lease.outputs as { instanceId: string; status: string };
  const outputs: LeaseOutputs["service-instance"] = { instanceId, status, credentials };
  return { ok: true, id: lease.id, outputs };
}
