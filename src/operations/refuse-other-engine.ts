import { APPLYING_ENGINES } from "../compiler/vocabulary.ts";
import type { EngineJob } from "../deploy/run-engine.ts";
import { ENGINE_TITLES } from "./engine-titles.ts";
import { type Refusal, refuse } from "./outcome.ts";
import { prepareEngine } from "./prepare-engine.ts";
import type { Workplace } from "./workplace.ts";

/** Says no to a stack that another engine's state holds: each engine would make a second one of everything. */
export async function refuseOtherEngine(
  workplace: Workplace,
  job: EngineJob,
): Promise<Refusal | undefined> {
  const [{ loadDriver }, { hasState }] = await Promise.all([
    import("../deploy/load-driver.ts"),
    import("../deploy/has-state.ts"),
  ]);
  for (const id of APPLYING_ENGINES) {
    if (id === job.engine.id || !hasState(id, job.place)) continue;
    const prepared = await prepareEngine({ ...workplace, env: job.machine.env }, id, []);
    if ("ok" in prepared) return prepared;
    const driver = await loadDriver(id);
    const content = await driver.readStack({ ...job, ...prepared });
    if (content === "absent") continue;
    if (content !== "unreadable" && content.resources.length === 0) continue;
    const title = ENGINE_TITLES[id];
    return refuse({
      kind: "refused",
      code: "other-engine",
      message: `${title} has made the stack ${job.place.stack} of ${job.place.project}, and its state holds what is there`,
      remedy: `Go on with \`--engine ${id}\`, or destroy the stack with it first.`,
    });
  }
  return undefined;
}
