import type { EngineId } from "../compiler/vocabulary.ts";
import type { BuildProgress } from "../deploy/build-go-program.ts";
import type { Engine, Machine } from "../deploy/engine.ts";
import type { InstallProgress } from "../deploy/install-engine.ts";
import { refuseEngine } from "./engine-refusal.ts";
import type { Refusal } from "./outcome.ts";
import type { Workplace } from "./workplace.ts";

/** The engine and the machine it runs on. */
export interface PreparedEngine {
  readonly engine: Engine;
  readonly machine: Machine;
}

/** Finds the engine, but not in the project's own folders; where there is none, fetches or builds it, which takes minutes and is told. */
export async function prepareEngine(
  { env, progress, signal }: Workplace,
  id: EngineId,
  projects: readonly string[],
): Promise<PreparedEngine | Refusal> {
  const [ensure, { thisMachine }] = await Promise.all([
    loadInstaller(id),
    import("../deploy/this-machine.ts"),
  ]);
  const machine = thisMachine({ env, projects });
  let told = "";
  const onProgress = (state: InstallProgress) => {
    const { step, note } = describe(state);
    if (step !== told) progress.step(step);
    told = step;
    progress.note(note);
  };
  const result = await ensure(machine, { onProgress, signal });
  return result.ok ? { engine: result.engine, machine } : refuseEngine(result.error);
}

async function loadInstaller(id: EngineId) {
  if (id === "opentofu")
    return (await import("../deploy/opentofu/ensure-opentofu.ts")).ensureOpentofu;
  return (await import("../deploy/install-engine.ts")).ensureEngine;
}

function countPackages({ packages, total }: BuildProgress): string {
  return `${packages} of about ${Math.max(packages, total)} packages`;
}

function describe(state: InstallProgress): { readonly step: string; readonly note: string } {
  switch (state.what) {
    case "official installer":
      return { step: "fetching the Pulumi engine", note: "official installer" };
    case "Cloudflare plugin":
      return { step: "fetching Pulumi's Cloudflare plugin", note: "once a machine" };
    case "waiting":
      return {
        step: "waiting for another process that builds the engine",
        note: `${state.seconds} s`,
      };
    case "OpenTofu":
      return {
        step: "building OpenTofu from its published module, once a machine (about 5 minutes)",
        note: countPackages(state),
      };
    default:
      return {
        step: `building Pulumi's ${state.what} from its published modules, once a machine (4 to 6 minutes in all)`,
        note: countPackages(state),
      };
  }
}
