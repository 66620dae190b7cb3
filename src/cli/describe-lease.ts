import type { LeaseStatus } from "../index.ts";

/** `domain address: live, until 2027-11-24T00:00:00.000Z, 10.44 USD to renew` */
export function describeLease({ kind, resource, state, expiresAt, renewal }: LeaseStatus): string {
  const expiry = expiresAt === undefined ? "" : `, until ${expiresAt}`;
  const again = renewal === undefined ? "" : `, ${renewal} to renew`;
  return `${kind} ${resource}: ${state}${expiry}${again}`;
}
