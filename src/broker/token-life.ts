import { formatTime } from "./clock.ts";
import type { BrokerContext } from "./context.ts";

/**
 * The longest that an access token lives when nobody renews it, seconds, whatever a manifest, a stack or a sub-agent asks for: it is the one credential that
 * leaves the broker. A run that takes longer renews it (the session's heartbeat), so that nothing is granted for long.
 */
export const TOKEN_SECONDS_MAX = 900;

/** When a token that is minted or renewed now expires. RFC 3339. */
export function expireToken(
  { clock }: Pick<BrokerContext, "clock">,
  { ttlSeconds }: { readonly ttlSeconds: number },
): string {
  return formatTime(clock.now() + Math.min(ttlSeconds, TOKEN_SECONDS_MAX) * 1000);
}
