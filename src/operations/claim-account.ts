import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import type { StackQuery } from "./compile-sources.ts";
import { type Confirmation, confirmationOn, refuseUnanswered } from "./confirmation.ts";
import { createPersonPermits } from "./create-person-permits.ts";
import { findProject } from "./find-project.ts";
import { listLeases } from "./list-leases.ts";
import { type Outcome, type Refusal, refuse, succeed } from "./outcome.ts";
import { readProjectGuardrails } from "./read-project-guardrails.ts";
import { findRights, refuseUnknownLease, withRightsBroker } from "./rights-session.ts";
import { takeTurn } from "./take-turn.ts";
import type { Workplace } from "./workplace.ts";

export interface ClaimAccountQuery extends StackQuery {
  /** The account's lease: its id, its path, or the beginning of one that names no other account. */
  readonly account: string;
  /** A new file, mode 0600, that gets the link. */
  readonly output: string;
  /** Asked before the link is opened: whoever has it owns the account. */
  readonly confirm: (by: Confirmation) => Promise<boolean>;
}

/**
 * Writes the link that makes an unclaimed account somebody's own into a file for a person; it stands nowhere else in clear. Waits for a running `up`. Only
 * who the guardrails' matrix lets claim gets it, nobody during a freeze, and never from an older copy of the ledger.
 */
export async function claimAccount(
  workplace: Workplace,
  query: ClaimAccountQuery,
): Promise<Outcome<{ readonly file: string; readonly until: string }>> {
  const place = findRights(workplace, query);
  if ("ok" in place) return place;
  const project = findProject(workplace.cwd, query);
  if ("ok" in project) return project;
  const read = readProjectGuardrails(project);
  if ("ok" in read) return read;
  const listing = await listLeases(workplace, { ...query, prefix: query.account });
  if (listing.ok && listing.data.leases.length === 0) return refuseUnknownLease(query.account);
  const by = confirmationOn(place.stack);
  if (!(await query.confirm(by)))
    return refuseUnanswered(
      "nothing was shown: a person must confirm that the link is for them",
      by,
    );
  const permits = createPersonPermits(read.guardrails, place.live);
  const file = resolve(workplace.cwd, query.output);
  return takeTurn(workplace, place.root, async () => {
    // The file comes first: the log says that the link was shown only when it can be.
    const output = openNew(file);
    if (output === undefined) return refuseOutput();
    let isWritten = false;
    try {
      const shown = await withRightsBroker(workplace, place, { connect: true, permits }, (broker) =>
        broker.showClaim(query.account),
      );
      if (!shown.ok) return shown;
      writeSync(output, `${shown.url.reveal()}\n`);
      isWritten = true;
      return succeed({ file, until: shown.until });
    } finally {
      closeSync(output);
      if (!isWritten) rmSync(file, { force: true });
    }
  });
}

/** Undefined when it is there already, or cannot be made. */
function openNew(file: string): number | undefined {
  try {
    return openSync(file, "wx", 0o600);
  } catch {
    return undefined;
  }
}

function refuseOutput(): Refusal {
  return refuse({
    kind: "usage",
    code: "not-written",
    message: "the file is there already, or cannot be written",
    remedy: "Name a new file in a folder that you can write.",
  });
}
