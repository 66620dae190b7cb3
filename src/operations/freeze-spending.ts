import type { RevocationReport } from "../broker/leases/revoke-leases.ts";
import type { StackQuery } from "./compile-sources.ts";
import { type Confirmation, confirmationOn, refuseUnanswered } from "./confirmation.ts";
import type { LeaseEntry } from "./list-leases.ts";
import { type Outcome, succeed } from "./outcome.ts";
import { refuseNotFrozen } from "./refuse-not-frozen.ts";
import { refuseUnknownProvider } from "./refuse-unknown-provider.ts";
import { refuseUnconfirmed, warnOfLiving } from "./revoke-rights.ts";
import { findRights, withRightsBroker } from "./rights-session.ts";
import type { Workplace } from "./workplace.ts";

export interface FreezeQuery extends StackQuery {
  /** Default: all of them. */
  readonly provider?: string | undefined;
  /** Why, for the log: lower-case words with underscores. Default `by_hand`. */
  readonly reason?: string | undefined;
}

export interface FreezeResult {
  /** `all` or a provider. */
  readonly scope: string;
  readonly revoked: readonly LeaseEntry[];
  readonly untouched: readonly LeaseEntry[];
}

export interface UnfreezeQuery extends StackQuery {
  readonly provider?: string | undefined;
  /** Asked before anything is done: only a person gives power back. */
  readonly confirm: (by: Confirmation) => Promise<boolean>;
}

/**
 * The kill switch: an entry of the ledger after which no money is held and no power is handed out; then payment tokens, access tokens, service
 * credentials and the session die, in this order. Needs no orchestrator, no agent's help and no manifest that compiles. What is deployed runs on. A provider that nobody knows is refused,
 * and nothing is done.
 */
export async function freezeSpending(
  workplace: Workplace,
  query: FreezeQuery,
): Promise<Outcome<FreezeResult>> {
  const place = findRights(workplace, query);
  if ("ok" in place) return place;
  const scope = query.provider ?? "all";
  const unknown =
    scope === "all" ? undefined : await refuseUnknownProvider(workplace, query, place, scope);
  if (unknown !== undefined) return unknown;
  const { progress } = workplace;
  progress.step(`freezing ${scope}`);
  // The entry comes first and needs nobody.
  const frozen = await withRightsBroker(workplace, place, { connect: false }, (broker) =>
    broker.freeze(scope, query.reason ?? "by_hand"),
  );
  if (frozen !== undefined) return frozen;
  progress.step("revoking payment tokens, access tokens, service credentials and sessions");
  const report = await withRightsBroker(workplace, place, { connect: true }, async (broker) => {
    const tops = (await broker.leases()).filter(
      ({ parent, provider }) => parent === undefined && (scope === "all" || provider === scope),
    );
    return broker.revokeNodes(tops);
  });
  if ("ok" in report) return report;
  const { revoked, untouched } = report satisfies RevocationReport;
  return (
    refuseUnconfirmed(report) ??
    succeed(
      { scope, revoked, untouched },
      {
        nextSteps: ["npx supercargo leases", "npx supercargo unfreeze"],
        warnings: warnOfLiving(revoked),
      },
    )
  );
}

/** Ends a freeze. What it revoked stays revoked until it is rotated. A provider that is not frozen by its name is refused. */
export async function unfreezeSpending(
  workplace: Workplace,
  query: UnfreezeQuery,
): Promise<Outcome<{ readonly scope: string }>> {
  const place = findRights(workplace, query);
  if ("ok" in place) return place;
  const scope = query.provider ?? "all";
  const idle = scope === "all" ? undefined : await refuseNotFrozen(workplace, place, scope);
  if (idle !== undefined) return idle;
  const by = confirmationOn(place.stack);
  if (!(await query.confirm(by)))
    return refuseUnanswered("still frozen: a person must confirm the end of a freeze", by);
  const failed = await withRightsBroker(workplace, place, { connect: false }, (broker) =>
    broker.unfreeze(scope, "by_hand"),
  );
  if (failed !== undefined) return failed;
  return succeed({ scope }, { nextSteps: ["npx supercargo leases", "npx supercargo rotate"] });
}
