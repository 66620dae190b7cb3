import type { RevocationReport } from "../broker/leases/revoke-leases.ts";
import type { StackQuery } from "./compile-sources.ts";
import { type LeaseEntry, listLeases } from "./list-leases.ts";
import { type Outcome, refuse, succeed } from "./outcome.ts";
import { findRights, refuseUnknownLease, withRightsBroker } from "./rights-session.ts";
import type { Workplace } from "./workplace.ts";

export interface RevokeQuery extends StackQuery {
  /** A lease's id, its path, or the beginning of one. */
  readonly lease: string;
}

export interface RevokeResult {
  readonly revoked: readonly LeaseEntry[];
  /** Property and data, which no revocation touches. */
  readonly untouched: readonly LeaseEntry[];
}

/** Takes rights back, with all that hangs on them. What could not be confirmed is a failure that lists it; every later run tries again. */
export async function revokeRights(
  workplace: Workplace,
  query: RevokeQuery,
): Promise<Outcome<RevokeResult>> {
  const place = findRights(workplace, query);
  if ("ok" in place) return place;
  const listing = await listLeases(workplace, { ...query, prefix: query.lease });
  if (listing.ok && listing.data.leases.length === 0) return refuseUnknownLease(query.lease);
  workplace.progress.step(`revoking ${query.lease}`);
  const report = await withRightsBroker(workplace, place, { connect: true }, async (broker) => {
    await broker.beginRun("revoke");
    return broker.revoke(query.lease);
  });
  if ("ok" in report) return report;
  const { revoked, untouched } = report;
  const refused = refuseUnconfirmed(report);
  if (refused !== undefined) return refused;
  const nextSteps = ["npx supercargo leases", `npx supercargo rotate ${query.lease}`];
  return succeed(
    { revoked, untouched },
    { nextSteps: revoked.length === 0 ? [] : nextSteps, warnings: warnOfLiving(revoked) },
  );
}

/** What was revoked and works on outside: a token that a person made is that person's to end. */
export function warnOfLiving(revoked: readonly LeaseEntry[]): readonly string[] {
  return revoked
    .filter(({ revocability }) => revocability === "owner")
    .map(
      ({ path }) =>
        `${path} is forgotten here, and its token lives on until whoever made it ends it at the provider`,
    );
}

/** The failure that lists what may still work outside; undefined when nothing does. */
export function refuseUnconfirmed({ unconfirmed, revoked }: RevocationReport) {
  if (unconfirmed.length === 0) return undefined;
  const names = unconfirmed.map(({ node }) => node.path);
  return refuse(
    {
      kind: "remote",
      code: "not-revoked",
      message: `${names.length} of ${names.length + revoked.length} leases are handed out no more, but not confirmed dead outside`,
      remedy:
        "Run the same command again; every other run tries again, too. Until then look into the provider's dashboard.",
      details: {
        unconfirmed: unconfirmed.map(({ node, code }) => ({ path: node.path, code })),
        revoked: revoked.map(({ path }) => path),
      },
    },
    { warnings: names.map((path) => `not confirmed: ${path}`) },
  );
}
