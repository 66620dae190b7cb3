import { deriveKey, deriveLeaseId } from "../../../src/broker/identifiers.ts";
import type {
  IntentRequest,
  IntentVerb,
  LeaseWrite,
  Ledger,
  RecordAnswer,
} from "../../../src/broker/ledger/ledger.ts";
import type { Identity, LeaseKind } from "../../../src/broker/protocol.ts";
import { formatMoney } from "../../../src/util/money.ts";
import { remember } from "../../../src/util/remember.ts";

export interface Wish {
  readonly resource: string;
  readonly project?: string;
  readonly stack?: string;
  readonly provider?: string;
  readonly kind?: LeaseKind;
  readonly verb?: IntentVerb;
  readonly generation?: number;
  readonly run?: string;
  readonly spend?: IntentRequest["spend"];
  readonly count?: IntentRequest["count"];
  readonly stoppable?: boolean;
}

/** A simulation asks for the same few over and over. */
const namesOf = remember((text: string) => {
  const [identity, kind, verb, generation] = JSON.parse(text) as [
    Identity,
    LeaseKind,
    IntentVerb,
    number,
  ];
  return {
    key: deriveKey(identity, kind, verb, generation),
    lease: deriveLeaseId(identity, kind, generation),
  };
}, 10_000);

/** A request as an act would make it. */
export function wish(one: Wish): IntentRequest {
  const { resource, project = "shop", stack = "prod", provider = "cloudflare" } = one;
  const { kind = "service-instance", verb = "create", generation = 1, spend } = one;
  const identity = { project, stack, resource };
  const { key, lease } = namesOf(JSON.stringify([identity, kind, verb, generation]));
  return {
    ...{ key, identity, kind, verb, generation, lease, provider, via: "stripe", fingerprint: "f" },
    parameters: {},
    run: one.run ?? "run-1",
    spend,
    count: one.count,
    stoppable: one.stoppable ?? true,
    event: {
      name: "service-requested",
      actor: { run: one.run ?? "run-1" },
      intent: key,
      amount: spend && formatMoney(spend.amount),
    },
  };
}

export const usd = (minor: number | bigint) => ({ currency: "USD", minor: BigInt(minor) });

/** What a purchase costs. */
export const cost = (
  minor: number,
  rest: Partial<NonNullable<IntentRequest["spend"]>> = {},
): NonNullable<IntentRequest["spend"]> => ({
  amount: usd(minor),
  categories: ["storage"],
  ...rest,
});

/** `recorded`, or the code and the cap of the denial. */
export function tell(answer: RecordAnswer): string {
  if (answer.kind === "recorded") return "recorded";
  const { denial } = answer;
  return "cap" in denial ? `${denial.code} ${denial.cap}` : denial.code;
}

export async function record(ledger: Ledger, one: Wish): Promise<string> {
  return tell(await ledger.record(wish(one)));
}

export function leaseOf(request: IntentRequest, state: LeaseWrite["state"] = "live"): LeaseWrite {
  return {
    id: request.lease,
    identity: request.identity,
    kind: request.kind,
    generation: request.generation,
    provider: request.provider,
    parent: undefined,
    state,
    revocability: "now",
    natural: request.identity.resource,
    intent: request.key,
    inputs: {},
    outputs: {},
    notes: {},
    expiresAt: undefined,
  };
}

/** Records, sends and settles an act that succeeds. */
export async function buy(ledger: Ledger, one: Wish): Promise<string> {
  const request = wish(one);
  const answer = await ledger.record(request);
  if (answer.kind === "denied") return tell(answer);
  await ledger.markDispatched(request.key, undefined);
  await ledger.storeOutcome(request.key, "sealed");
  await ledger.settle({
    key: request.key,
    state: "settled",
    capture: "whole",
    lease: leaseOf(request),
    events: [],
  });
  return "recorded";
}

/** Closes the lease that an act made. */
export async function close(ledger: Ledger, one: Wish): Promise<void> {
  const request = wish(one);
  const count = request.count;
  await ledger.change({
    lease: leaseOf(request, "closed"),
    uncount: count === undefined ? [] : [{ count, intent: request.key, reason: "removed" }],
    events: [],
  });
}
