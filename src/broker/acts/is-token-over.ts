import type { BrokerContext } from "../context.ts";
import type { BrokerFailure } from "../errors.ts";

/**
 * Whether an access token is certainly dead although nobody can be asked: its account is out of reach for ever, and its own end has passed. An account that
 * somebody claimed lives on, and a token in it until then. `expiresAt` in milliseconds since the epoch.
 */
export function isTokenOver(
  context: BrokerContext,
  expiresAt: number | undefined,
  { code }: BrokerFailure,
): boolean {
  return code === "account_gone" && expiresAt !== undefined && expiresAt <= context.clock.now();
}
