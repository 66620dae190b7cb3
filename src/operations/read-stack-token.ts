import { type BrokerFailure, fail } from "../broker/errors.ts";
import { Secret } from "../util/secret.ts";
import type { BrokerSession } from "./broker-session.ts";

/** A stack's own access token, which may do no more than its resources need. */
export interface StackToken {
  /** API of its provider. */
  readonly endpoint: string;
  readonly credential: Secret;
}

/** Reads the access token of a stack at a provider from the broker; undefined when none is open, which one that cannot be read is not. */
export async function readStackToken(
  { broker }: BrokerSession,
  provider: string,
  { project, stack }: { readonly project: string; readonly stack: string },
): Promise<StackToken | BrokerFailure | undefined> {
  const { leases } = await broker.summary();
  const token = leases.find(
    (lease) =>
      lease.kind === "access-token" &&
      lease.provider === provider &&
      lease.identity.project === project &&
      lease.identity.stack === stack,
  );
  if (token === undefined) return undefined;
  const { id, identity } = token;
  const answer = await broker.handle({ verb: "read", kind: "access-token", identity, id });
  if (!answer.ok) return answer;
  // The ledger has it and the provider does not.
  if ("gone" in answer || !("endpoint" in answer.outputs)) return fail("refused_by_provider");
  const { endpoint, value } = answer.outputs;
  return { endpoint, credential: new Secret(value) };
}
