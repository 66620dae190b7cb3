import { Secret } from "../util/secret.ts";
import type { BrokerSession } from "./broker-session.ts";

/** A stack's own access token, which may do no more than its resources need. */
export interface StackToken {
  /** API of its provider. */
  readonly endpoint: string;
  readonly credential: Secret;
}

/** Reads the access token of a stack at a provider from the broker; undefined when there is none. */
export async function readStackToken(
  { broker }: BrokerSession,
  provider: string,
  { project, stack }: { readonly project: string; readonly stack: string },
): Promise<StackToken | undefined> {
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
  if (!answer.ok || "gone" in answer || !("endpoint" in answer.outputs)) return undefined;
  const { endpoint, value } = answer.outputs;
  return { endpoint, credential: new Secret(value) };
}
