/** 401 and 403: a key that expired, a right that was taken away. 408, 409, 425, 429: not now. 407: not even received. */
const BEFORE_THE_KEY: ReadonlySet<number> = new Set([401, 403, 407, 408, 409, 425, 429]);

/**
 * Whether an answer with this status can come from before the layer that knows a request's idempotency key, so that it tells nothing about an earlier attempt
 * of the same request (https://docs.stripe.com/api/idempotent_requests: results are kept only once the endpoint began to work).
 */
export function isBeforeTheKey(status: number): boolean {
  return BEFORE_THE_KEY.has(status);
}
