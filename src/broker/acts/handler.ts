import type { BrokerContext } from "../context.ts";
import type { BrokerFailure } from "../errors.ts";
import { deriveKey, deriveLeaseId, fingerprintInputs } from "../identifiers.ts";
import type { Intent, IntentRequest, IntentVerb, Lease } from "../ledger/ledger.ts";
import type { Identity, LeaseInputs, LeaseKind, LeaseOutputs } from "../protocol.ts";

/** Done; or gone; or a failure. */
export type Granted<K extends LeaseKind> = {
  readonly ok: true;
  readonly id: string;
  readonly outputs: LeaseOutputs[K];
};
export type Gone = { readonly ok: true; readonly gone: true };
export type Answer<K extends LeaseKind> = Granted<K> | BrokerFailure;

export const GONE: Gone = { ok: true, gone: true };

/** A lease that is to be opened. `intent` is the unfinished act of an earlier try, with the same fingerprint. */
export interface Opening<K extends LeaseKind> {
  readonly identity: Identity;
  readonly inputs: LeaseInputs[K];
  readonly intent: Intent | undefined;
  /** Of a new intent, when there is no unfinished one. */
  readonly generation: number;
}

/** What one kind of lease can do. Requests for one identity never overlap. */
export interface Handler<K extends LeaseKind> {
  /** There is no lease of this identity, or its last one is closed. */
  open(context: BrokerContext, opening: Opening<K>): Promise<Answer<K>>;
  /** The lease exists: answers with it, brought up to the inputs. `Gone`: it was found to have ended, and is closed now. */
  adopt(context: BrokerContext, lease: Lease, inputs: LeaseInputs[K]): Promise<Answer<K> | Gone>;
  /** Observes the provider; changes nothing. */
  read(context: BrokerContext, lease: Lease): Promise<Answer<K> | Gone>;
  /** Inputs that cannot change are the same. */
  update(context: BrokerContext, lease: Lease, inputs: LeaseInputs[K]): Promise<Answer<K>>;
  remove(context: BrokerContext, lease: Lease): Promise<Gone | BrokerFailure>;
  /**
   * Makes the credential of a lease in state `revoking` die outside and the lease `revoked`. Undefined when that is confirmed. Absent where there is no
   * credential that could be taken back.
   */
  revoke?(context: BrokerContext, lease: Lease): Promise<BrokerFailure | undefined>;
  /** Makes the credential another one, after which the old one dies; a revoked lease lives again. Undefined when done. */
  rotate?(context: BrokerContext, lease: Lease): Promise<BrokerFailure | undefined>;
}

/** The fields of a new intent that follow from who, what and which generation. */
export function identifyIntent<K extends LeaseKind>(
  kind: K,
  verb: IntentVerb,
  identity: Identity,
  generation: number,
  inputs: LeaseInputs[K],
): Pick<
  IntentRequest,
  "key" | "kind" | "verb" | "identity" | "generation" | "lease" | "fingerprint"
> {
  return {
    key: deriveKey(identity, kind, verb, generation),
    kind,
    verb,
    identity,
    generation,
    lease: deriveLeaseId(identity, kind, generation),
    fingerprint: fingerprintInputs(kind, inputs),
  };
}

/** The unfinished intent of an act on a lease, or what identifies the next one. */
export async function nextIntent(
  context: BrokerContext,
  lease: Pick<Lease, "id" | "identity" | "kind" | "provider">,
  verb: IntentVerb,
): Promise<
  | { readonly kind: "open"; readonly intent: Intent }
  | {
      readonly kind: "new";
      readonly request: Pick<
        IntentRequest,
        "key" | "kind" | "verb" | "identity" | "generation" | "lease" | "provider" | "run"
      >;
    }
> {
  const { identity, kind, provider } = lease;
  const latest = await context.ledger.latestIntent(identity, kind, verb);
  if (latest !== undefined && isOpen(latest)) return { kind: "open", intent: latest };
  const generation = (latest?.generation ?? 0) + 1;
  const key = deriveKey(identity, kind, verb, generation);
  const run = context.run();
  return {
    kind: "new",
    request: { key, kind, verb, identity, generation, lease: lease.id, provider, run },
  };
}

/** True while the act has not ended. */
export function isOpen(intent: Intent): boolean {
  return (
    intent.state === "recorded" || intent.state === "dispatched" || intent.state === "answered"
  );
}
