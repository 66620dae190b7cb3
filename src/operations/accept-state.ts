import { type CompiledProject, compileSources, type StackQuery } from "./compile-sources.ts";
import { type Confirmation, confirmationOn, refuseUnanswered } from "./confirmation.ts";
import { type Outcome, succeed } from "./outcome.ts";
import { findRights, withRightsBroker } from "./rights-session.ts";
import { takeTurn } from "./take-turn.ts";
import type { Workplace } from "./workplace.ts";

export interface AcceptStateQuery extends StackQuery {
  /** Asked before anything is done: only a person vouches for a state that no run left. */
  readonly confirm: (by: Confirmation) => Promise<boolean>;
}

/** Notes in the log that a stack's state is good as it is now. Foreign code in it is still refused by every run. */
export async function acceptState(
  workplace: Workplace,
  query: AcceptStateQuery,
): Promise<Outcome<undefined>> {
  const compiled = await compileSources(workplace, query, { emit: false, ignorePolicy: true });
  if ("ok" in compiled) return compiled;
  const by = confirmationOn(compiled.model.stack);
  if (!(await query.confirm(by)))
    return refuseUnanswered("the state was not accepted: a person must confirm it", by);
  return takeTurn(workplace, compiled.project.root, () => noteState(workplace, query, compiled));
}

async function noteState(
  workplace: Workplace,
  query: StackQuery,
  { model, project }: CompiledProject,
): Promise<Outcome<undefined>> {
  const place = findRights(workplace, query);
  if ("ok" in place) return place;
  const { digestState } = await import("../deploy/judge-state.ts");
  const { name, stack } = model;
  const folder = `${project.root}/stacks/${name}`;
  const digest = digestState({ root: project.root, folder, project: name, stack });
  const failed = await withRightsBroker(workplace, place, { connect: false }, (broker) =>
    broker.noteState(name, stack, digest),
  );
  return failed ?? succeed(undefined);
}
