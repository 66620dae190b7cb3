import type { KvPutOptions } from "./postgres-kv.ts";

/** When a key is no more, seconds since 1970; undefined where it stays. */
export function kvExpiry({ expiration, expirationTtl }: KvPutOptions): number | undefined {
  if (expirationTtl !== undefined) return Date.now() / 1000 + expirationTtl;
  return expiration;
}
