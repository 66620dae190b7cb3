import type { Engine, Machine } from "../deploy/engine.ts";
import type { InstallProgress } from "../deploy/install-engine.ts";
import { refuseEngine } from "./engine-refusal.ts";
import type { Refusal } from "./outcome.ts";
import type { Workplace } from "./workplace.ts";

/** The Pulumi engine and the machine it runs on. */
export interface PreparedEngine {
  readonly engine: Engine;
  readonly machine: Machine;
}

/** Finds the engine; where there is none, fetches or builds it, which takes minutes and is told. */
export async function prepareEngine({
  env,
  progress,
  signal,
}: Workplace): Promise<PreparedEngine | Refusal> {
  const [{ ensureEngine }, { thisMachine }] = await Promise.all([
    import("../deploy/install-engine.ts"),
    import("../deploy/this-machine.ts"),
  ]);
  const machine: Machine = { ...thisMachine(), env };
  let told = "";
  const onProgress = (state: InstallProgress) => {
    const { step, note } = describe(state);
    if (step !== told) progress.step(step);
    told = step;
    progress.note(note);
  };
  const result = await ensureEngine(machine, { onProgress, signal });
  return result.ok ? { engine: result.engine, machine } : refuseEngine(result.error);
}

function describe(state: InstallProgress): { readonly step: string; readonly note: string } {
  switch (state.what) {
    case "official installer":
      return { step: "fetching the Pulumi engine", note: "official installer" };
    case "Cloudflare plugin":
      return { step: "fetching Pulumi's Cloudflare plugin", note: "once a machine" };
    case "waiting":
      return {
        step: "waiting for another process that builds the Pulumi engine",
        note: `${state.seconds} s`,
      };
    default:
      return {
        step: `building Pulumi's ${state.what} from its published modules, once a machine (4 to 6 minutes in all)`,
        note: `${state.packages} packages`,
      };
  }
}
