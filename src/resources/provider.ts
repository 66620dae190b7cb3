import { callBroker } from "../broker/client.ts";
import {
  type BrokerAnswer,
  type BrokerRequest,
  type Identity,
  IMMUTABLE_INPUTS,
  type LeaseInputs,
  type LeaseKind,
} from "../broker/protocol.ts";
import { equalValues } from "./equal-values.ts";
import { asRecord, INPUT_RULES, isUnknown, readKind } from "./input-fields.ts";
import { createProviderError, PROVIDER_CODES } from "./provider-error.ts";

/** Properties as the engine sends them. */
type Properties = Readonly<Record<string, unknown>>;

/** Inputs that only say how to create; a change of one of them alone is no change, so that what hangs below stays known in a preview. */
const CREATION_ONLY: Readonly<Partial<Record<LeaseKind, readonly string[]>>> = {
  account: ["orchestrators", "agent"],
  "payment-token": ["issuers"],
};

/**
 * Checks new inputs; pure, needs no broker. An immutable input of a domain that changes is a failure: a domain is never
 * replaced. Failures stand for the resource as a whole, because Pulumi prints the value of a property that it is given.
 */
export async function check(
  olds: Properties,
  news: Properties,
): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }> {
  const kind = readKind(news);
  if (kind === undefined || readIdentity(news) === undefined) {
    return { inputs: news, failures: [{ property: "", reason: PROVIDER_CODES.invalidInputs }] };
  }
  const reasons = Object.entries(INPUT_RULES[kind]).flatMap(([name, rule]) => {
    const wrong = isUnknown(news[name]) ? undefined : rule(news[name]);
    return wrong === undefined ? [] : [`${PROVIDER_CODES.invalidInputs}: \`${name}\` ${wrong}`];
  });
  if (kind === "domain" && readKind(olds) === "domain") {
    for (const name of changedImmutables("domain", olds, news)) {
      if (isUnknown(news[name])) continue;
      reasons.push(`${PROVIDER_CODES.domainImmutable}: \`${name}\` cannot change`);
    }
  }
  const failures = reasons.map((reason) => ({ property: "", reason }));
  return { inputs: news, failures };
}

/** Compares the state with new inputs, deeply; pure, needs no broker. An immutable input that changed means replace, the old one first. */
export async function diff(
  _id: string,
  olds: Properties,
  news: Properties,
): Promise<{ changes: boolean; replaces: string[]; deleteBeforeReplace: boolean }> {
  const kind = requireKind("diff", news);
  const names = Object.keys(INPUT_RULES[kind]).filter(
    (name) => !CREATION_ONLY[kind]?.includes(name),
  );
  const changes = names.some((name) => !equalValues(olds[name], news[name]));
  const immutables = changedImmutables(kind, olds, news);
  if (kind === "domain") {
    if (immutables.some((name) => !isUnknown(news[name]))) {
      throw createProviderError("change", kind, PROVIDER_CODES.domainImmutable);
    }
    return { changes, replaces: [], deleteBeforeReplace: false };
  }
  return { changes, replaces: immutables, deleteBeforeReplace: immutables.length > 0 };
}

/** Asks the broker to create; at-least-once here, made exactly-once by the broker's journal. */
export async function create(inputs: Properties): Promise<{ id: string; outs: Properties }> {
  const kind = requireKind("create", inputs);
  const identity = requireIdentity("create", inputs);
  const answer = await ask({ verb: "create", kind, identity, inputs: leaseInputs(kind, inputs) });
  if ("gone" in answer) throw createProviderError("create", kind, PROVIDER_CODES.unreachable);
  return { id: answer.id, outs: { ...ownInputs(kind, inputs), ...answer.outputs } };
}

/** Observes the provider. An empty id tells the engine that the resource is gone. */
export async function read(
  id: string,
  props: Properties,
): Promise<{ id: string; props: Properties }> {
  const kind = requireKind("read", props);
  const identity = requireIdentity("read", props);
  const answer = await ask({ verb: "read", kind, identity, id });
  if ("gone" in answer) return { id: "", props: {} };
  return { id: answer.id, props: { ...ownInputs(kind, props), ...answer.outputs } };
}

/** Changes in place what may change. The identity stays the one it was created with. */
export async function update(
  id: string,
  olds: Properties,
  news: Properties,
): Promise<{ outs: Properties }> {
  const kind = requireKind("update", news);
  const identity = requireIdentity("update", olds);
  const answer = await ask({
    verb: "update",
    kind,
    identity,
    id,
    inputs: leaseInputs(kind, news),
  });
  if ("gone" in answer) throw createProviderError("update", kind, PROVIDER_CODES.unreachable);
  return { outs: { ...ownInputs(kind, news), identity, ...answer.outputs } };
}

/** Ends the lease. Already gone is done. */
export async function remove(id: string, props: Properties): Promise<void> {
  const kind = requireKind("delete", props);
  await ask({ verb: "delete", kind, identity: requireIdentity("delete", props), id });
}

type Accepted = Extract<BrokerAnswer, { readonly ok: true }>;

async function ask(request: BrokerRequest): Promise<Accepted> {
  const answer = await callBroker(request).catch(() => undefined);
  if (answer === undefined) {
    throw createProviderError(request.verb, request.kind, PROVIDER_CODES.unreachable);
  }
  if (!answer.ok) throw createProviderError(request.verb, request.kind, String(answer.code));
  if (!("gone" in answer) && (typeof answer.id !== "string" || answer.id === "")) {
    throw createProviderError(request.verb, request.kind, PROVIDER_CODES.unreachable);
  }
  return answer;
}

function changedImmutables(kind: LeaseKind, olds: Properties, news: Properties): string[] {
  const names: readonly string[] = IMMUTABLE_INPUTS[kind];
  return names.filter((name) => !equalValues(olds[name], news[name]));
}

function requireKind(verb: string, properties: Properties): LeaseKind {
  const kind = readKind(properties);
  if (kind === undefined) throw createProviderError(verb, undefined, PROVIDER_CODES.invalidInputs);
  return kind;
}

function requireIdentity(verb: string, properties: Properties): Identity {
  const identity = readIdentity(properties);
  if (identity === undefined) {
    throw createProviderError(verb, readKind(properties), PROVIDER_CODES.invalidInputs);
  }
  return identity;
}

function readIdentity(properties: Properties): Identity | undefined {
  const { project, stack, resource } = asRecord(properties.identity);
  if (typeof project !== "string" || typeof stack !== "string" || typeof resource !== "string") {
    return undefined;
  }
  return { project, stack, resource };
}

/** Exactly the broker's fields; {@link check} has looked at their types. */
function leaseInputs<K extends LeaseKind>(kind: K, properties: Properties): LeaseInputs[K] {
  const names = Object.keys(INPUT_RULES[kind]);
  return Object.fromEntries(names.map((name) => [name, properties[name]])) as LeaseInputs[K];
}

/** What our classes put into the inputs, without Pulumi's own `__provider`. */
function ownInputs(kind: LeaseKind, properties: Properties): Properties {
  return { ...leaseInputs(kind, properties), kind, identity: properties.identity };
}
