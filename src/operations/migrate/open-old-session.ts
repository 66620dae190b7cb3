import type { StackPlace } from "../../deploy/stack-place.ts";
import { nameSubject } from "../../permissions/name-subject.ts";
import { type BrokerSession, openBrokerSession } from "../broker-session.ts";
import type { OpenSandbox } from "../open-sandbox.ts";
import type { Refusal } from "../outcome.ts";
import type { Workplace } from "../workplace.ts";
import type { MigrationPlan, MigrationQuery } from "./plan-migration.ts";

/** The broker, asked for the stack as it is at the vendor that is left. Whoever opens it closes the session. */
export interface OldSession {
  readonly session: BrokerSession;
  readonly place: StackPlace;
}

/** Opens the broker for a migration. */
export async function openOldSession(
  workplace: Workplace,
  plan: MigrationPlan,
  query: MigrationQuery,
  sandbox: OpenSandbox,
): Promise<OldSession | Refusal> {
  const { model } = plan.source;
  const place: StackPlace = {
    ...{ root: plan.root, folder: `${plan.root}/stacks/${model.name}` },
    ...{ project: model.name, stack: model.stack },
  };
  const subject = nameSubject(model, query.person);
  const session = await openBrokerSession(workplace, plan.source, sandbox, { subject, place });
  return "ok" in session ? session : { session, place };
}
