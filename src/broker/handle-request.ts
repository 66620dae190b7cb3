import { memberAt } from "../util/json-access.ts";
import { parseMoney } from "../util/money.ts";
import { accessTokenHandler } from "./acts/access-token.ts";
import { accountHandler } from "./acts/account.ts";
import { domainHandler } from "./acts/domain.ts";
import { secretHandler } from "./acts/generated-secret.ts";
import { type Answer, GONE, type Handler, isOpen } from "./acts/handler.ts";
import { paymentTokenHandler } from "./acts/payment-token.ts";
import { giveBack, isQueued, judgeQueued } from "./acts/queue-purchase.ts";
import { serviceInstanceHandler } from "./acts/service-instance.ts";
import type { ActFacts, BrokerContext } from "./context.ts";
import { vouchedInputs } from "./doubts/vouched.ts";
import { type BrokerFailure, fail } from "./errors.ts";
import { fingerprintInputs, sameImmutables } from "./identifiers.ts";
import type { Lease } from "./ledger/ledger.ts";
import { narrowRequest } from "./narrow-request.ts";
import { noteRefusal } from "./note-refusal.ts";
import { refuseVerb, requiredVerbs } from "./policy.ts";
import type { BrokerAnswer, BrokerRequest, Identity, LeaseInputs, LeaseKind } from "./protocol.ts";
import { readRequest } from "./read-request.ts";
import type { Caller } from "./session.ts";

/** By kind of lease. */
export const HANDLERS: { readonly [K in LeaseKind]: Handler<K> } = {
  account: accountHandler,
  "payment-token": paymentTokenHandler,
  "access-token": accessTokenHandler,
  domain: domainHandler,
  "service-instance": serviceInstanceHandler,
  secret: secretHandler,
};

type Outcome = Extract<BrokerAnswer, { readonly ok: true }> | BrokerFailure;

/** {@link answerRequest}, whose refusals of money and power are counted. */
export async function handleRequest(
  broker: BrokerContext,
  input: BrokerRequest,
  caller?: Caller | undefined,
): Promise<Outcome> {
  const outcome = await answerRequest(broker, input, caller);
  if (!outcome.ok) await noteRefusal(broker, input, outcome, caller);
  return outcome;
}

/**
 * Checks a request against form, caller, policy and ownership, and has it done; requests for one identity never overlap. Without a caller it comes
 * from the broker's own process.
 */
async function answerRequest(
  broker: BrokerContext,
  input: BrokerRequest,
  caller?: Caller | undefined,
): Promise<Outcome> {
  const read = readRequest(input);
  if (read === undefined) return fail("bad_request");
  if (caller !== undefined && !broker.isPlanned(read)) return fail("not_in_manifest");
  const request = caller === undefined ? read : await narrowRequest(broker, caller, read);
  if ("ok" in request) return request;
  const context = caller === undefined ? broker : actFor(broker, caller);
  const { kind, verb, identity } = request;
  const facts = await factsOf(context, request);
  const refusal = requiredVerbs(request)
    .map((needed) => refuseVerb(context, kind, needed, facts))
    .find((failure) => failure !== undefined);
  if (kind === "domain" && verb === "delete") return fail("domain_never_deleted");
  if (refusal !== undefined) {
    // A sub-agent's lack of rights is not the run's.
    if (verb === "create" && (caller?.delegations.length ?? 0) === 0)
      await judgeQueued(context, await context.ledger.latestIntent(identity, kind, verb), refusal);
    return refusal;
  }
  const { project, stack, resource } = identity;
  return context.exclusively(`lease/${project}/${stack}/${kind}/${resource}`, () =>
    verb === "create"
      ? create(context, kind, identity, request.inputs)
      : act(context, request as Exclude<BrokerRequest, { readonly verb: "create" }>),
  );
}

/** The same broker, whose matrix is asked for the sub-agents, too. */
function actFor(context: BrokerContext, { delegations }: Caller): BrokerContext {
  if (delegations.length === 0) return context;
  return {
    ...context,
    permits: (verb, kind, facts) => context.permits(verb, kind, { ...facts, delegations }),
  };
}

/** A domain's price is the registrar's to say, and never above what the manifest allows. */
async function factsOf(context: BrokerContext, request: BrokerRequest): Promise<ActFacts> {
  const inputs = "inputs" in request ? request.inputs : undefined;
  const lease = "id" in request ? await context.ledger.lease(request.id) : undefined;
  const provider = memberAt(inputs, "provider") ?? lease?.provider;
  const maxPrice = memberAt(inputs, "maxPrice");
  return {
    resource: request.identity.resource,
    provider: typeof provider === "string" ? provider : undefined,
    amount: typeof maxPrice === "string" ? parseMoney(maxPrice) : undefined,
  };
}

/** Adopts the lease that is there; else goes on with the act that is unfinished; else starts the next generation. */
async function create<K extends LeaseKind>(
  context: BrokerContext,
  kind: K,
  identity: Identity,
  inputs: LeaseInputs[K],
): Promise<Answer<K>> {
  const handler: Handler<K> = HANDLERS[kind];
  const lease = await context.ledger.latestLease(identity, kind);
  if (lease !== undefined && lease.state !== "closed") {
    if (isTakenBack(lease)) return fail("lease_revoked");
    if (!isSameThing<K>(kind, lease, inputs)) return fail("immutable_input");
    const adopted = await handler.adopt(context, lease, inputs);
    if (!("gone" in adopted)) return adopted;
  }
  const latest = await context.ledger.latestIntent(identity, kind, "create");
  let unfinished = latest !== undefined && isOpen(latest) ? latest : undefined;
  if (unfinished !== undefined && unfinished.fingerprint !== fingerprintInputs(kind, inputs)) {
    // What was never sent can be another purchase now.
    if (!isQueued(unfinished)) return fail("payload_changed");
    await giveBack(context, unfinished, "payload_changed");
    unfinished = undefined;
  }
  const generation = (latest?.generation ?? 0) + 1;
  return handler.open(context, { identity, inputs, intent: unfinished, generation });
}

/** Reads, updates and deletes touch only the lease that this very resource owns. */
async function act(
  context: BrokerContext,
  request: Exclude<BrokerRequest, { readonly verb: "create" }>,
): Promise<Outcome> {
  const { kind, identity, id } = request;
  const handler = HANDLERS[kind] as Handler<LeaseKind>;
  const lease = await context.ledger.lease(id);
  const isOwn =
    lease?.kind === kind &&
    lease.identity.project === identity.project &&
    lease.identity.stack === identity.stack &&
    lease.identity.resource === identity.resource;
  if (lease === undefined || !isOwn) return request.verb === "read" ? GONE : fail("lease_unknown");
  if (lease.state === "closed") return request.verb === "update" ? fail("lease_unknown") : GONE;
  if (isTakenBack(lease) && request.verb !== "delete") return fail("lease_revoked");
  if (request.verb === "read") return handler.read(context, lease);
  if (request.verb === "delete") return handler.remove(context, lease);
  if (!sameImmutables(kind, inputsOf(lease), request.inputs)) return fail("immutable_input");
  return handler.update(context, lease, request.inputs);
}

/** Of what is known from a settled doubt alone, the journal has the fingerprint of the inputs and not the inputs. */
function isSameThing<K extends LeaseKind>(kind: K, lease: Lease, inputs: LeaseInputs[K]): boolean {
  const vouched = vouchedInputs(lease);
  return vouched === undefined
    ? sameImmutables(kind, inputsOf<K>(lease), inputs)
    : vouched === fingerprintInputs(kind, inputs);
}

function isTakenBack({ state }: Lease): boolean {
  return state === "revoking" || state === "revoked";
}

function inputsOf<K extends LeaseKind>(lease: Lease): LeaseInputs[K] {
  return lease.inputs as unknown as LeaseInputs[K];
}
