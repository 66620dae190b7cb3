import { vendorName } from "../../adapters/vendors/vendor-name.ts";
import type { OpenSandbox } from "../open-sandbox.ts";
import type { Refusal } from "../outcome.ts";
import type { Workplace } from "../workplace.ts";
import { checkLeft } from "./check-left.ts";
import { openOldPlace } from "./open-old-place.ts";
import { openOldSession } from "./open-old-session.ts";
import type { MigrationPlan, MigrationQuery } from "./plan-migration.ts";
import { refuseStopped } from "./refuse-stopped.ts";

/**
 * Refuses to let the old place go while one of its queues has messages, which would go with it: they came after the queue was seen empty, from the last
 * requests or from somebody who sends past the app.
 */
export async function refuseLateMessages(
  workplace: Workplace,
  plan: MigrationPlan,
  query: MigrationQuery,
  sandbox: OpenSandbox,
): Promise<Refusal | undefined> {
  const { queues, unconsumed } = plan.content;
  const names = [...queues, ...unconsumed].map((name) => vendorName(plan.source.model, name));
  if (names.length === 0) return undefined;
  const opened = await openOldSession(workplace, plan, query, sandbox);
  if ("ok" in opened) return opened;
  try {
    const old = await openOldPlace(opened);
    // An earlier run has retired what there was.
    if (old === undefined || "ok" in old) return old;
    await checkLeft(old.source, names);
    return undefined;
  } catch (error) {
    return refuseStopped(error);
  } finally {
    await opened.session.close();
  }
}
