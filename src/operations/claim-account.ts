import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { StackQuery } from "./compile-sources.ts";
import { listLeases } from "./list-leases.ts";
import { type Outcome, refuse, succeed } from "./outcome.ts";
import { findRights, refuseUnknownLease, withRightsBroker } from "./rights-session.ts";
import type { Workplace } from "./workplace.ts";

export interface ClaimAccountQuery extends StackQuery {
  /** The account's lease: its id, its path, or the beginning of one that names no other account. */
  readonly account: string;
  /** A new file, mode 0600, that gets the link. */
  readonly output: string;
  /** Asked before the link is opened: whoever has it owns the account. */
  readonly confirm: () => Promise<boolean>;
}

/** Writes the link that makes an unclaimed account somebody's own into a file for a person; it stands nowhere else in clear. */
export async function claimAccount(
  workplace: Workplace,
  query: ClaimAccountQuery,
): Promise<Outcome<{ readonly file: string; readonly until: string }>> {
  const place = findRights(workplace, query);
  if ("ok" in place) return place;
  const listing = await listLeases(workplace, { ...query, prefix: query.account });
  if (listing.ok && listing.data.leases.length === 0) return refuseUnknownLease(query.account);
  if (!(await query.confirm())) {
    return refuse({
      kind: "person",
      code: "not-confirmed",
      message: "nothing was shown: a person must confirm that the link is for them",
      remedy: "Answer yes on a terminal, or give `--yes`.",
    });
  }
  const shown = await withRightsBroker(workplace, place, { connect: false }, (broker) =>
    broker.showClaim(query.account),
  );
  if (!shown.ok) return shown;
  const file = resolve(workplace.cwd, query.output);
  try {
    writeFileSync(file, `${shown.url.reveal()}\n`, { mode: 0o600, flag: "wx" });
  } catch {
    return refuse({
      kind: "usage",
      code: "not-written",
      message: "the file is there already, or cannot be written",
      remedy: "Name a new file in a folder that you can write.",
    });
  }
  return succeed({ file, until: shown.until });
}
