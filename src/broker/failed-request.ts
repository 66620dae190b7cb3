import type { BrokerFailure } from "./errors.ts";
import type { BrokerRequest, Identity, LeaseKind } from "./protocol.ts";

/** A request that ended in a failure, for people. */
export interface FailedRequest {
  readonly verb: BrokerRequest["verb"];
  readonly kind: LeaseKind;
  readonly identity: Identity;
  readonly failure: BrokerFailure;
}
