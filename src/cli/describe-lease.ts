import type { LeaseStatus } from "../index.ts";

/** `domain address: live, until 2027-11-24T00:00:00.000Z, 10.44 USD to renew` */
export function describeLease(lease: LeaseStatus): string {
  const { kind, resource, state, expiresAt, renewal, claimUntil } = lease;
  const expiry = expiresAt === undefined ? "" : `, until ${expiresAt}`;
  const again = renewal === undefined ? "" : `, ${renewal} to renew`;
  const claim = claimUntil === undefined ? "" : `, to be claimed until ${claimUntil}`;
  return `${kind} ${resource}: ${state}${expiry}${again}${claim}`;
}
