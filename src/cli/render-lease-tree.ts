import type { LeaseEntry } from "../index.ts";

/** What a revocation can do, in words. */
const CLASSES: Readonly<Record<LeaseEntry["revocability"], string>> = {
  now: "revocable at once",
  expires: "forgotten at once, dies when it expires",
  owner: "forgotten at once, only whoever made it can end it",
  never: "not revocable",
};

/** Leases as an indented tree, one line each with what can be done about it; parents stand before their children. */
export function renderLeaseTree(leases: readonly LeaseEntry[]): readonly string[] {
  const depths = new Map<string, number>();
  const rows = leases.map((lease) => {
    const depth = (depths.get(lease.parent ?? "") ?? -1) + 1;
    depths.set(lease.id, depth);
    return { lease, label: `${"  ".repeat(depth)}${lease.kind} ${lease.identity.resource}` };
  });
  const width = Math.max(0, ...rows.map(({ label }) => label.length));
  return rows.map(({ lease, label }) => {
    const { state, revocability, expiresAt, claimUntil } = lease;
    const until = expiresAt === undefined ? "" : `, until ${expiresAt.slice(0, 16)}Z`;
    const can = state === "revoked" && revocability !== "owner" ? "" : `, ${CLASSES[revocability]}`;
    const claim =
      claimUntil === undefined ? "" : `, to be claimed until ${claimUntil.slice(0, 16)}Z`;
    return `${label.padEnd(width)}  ${state}${until}${can}${claim}`;
  });
}
