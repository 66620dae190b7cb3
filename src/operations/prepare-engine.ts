import type { Lowered } from "../adapters/vendors/contract.ts";
import type { ApplyingEngineId, EngineId } from "../compiler/vocabulary.ts";
import type { BuildProgress } from "../deploy/build-go-program.ts";
import type { Engine, Machine } from "../deploy/engine.ts";
import type { InstallProgress } from "../deploy/install-engine.ts";
import { refuseEngine } from "./engine-refusal.ts";
import { type Refusal, refuse } from "./outcome.ts";
import { isApplied, refusePrinted } from "./refuse-printed.ts";
import type { Workplace } from "./workplace.ts";

/** The engine and the machine it runs on. */
export interface PreparedEngine {
  readonly engine: Engine;
  readonly machine: Machine;
}

/** Finds the engine, but not in the project's own folders; where there is none, fetches or builds it, which takes minutes and is told. Refuses one that is not run here. */
export async function prepareEngine(
  { env, progress, signal }: Workplace,
  id: EngineId,
  projects: readonly string[],
): Promise<PreparedEngine | Refusal> {
  if (!isApplied(id)) return refusePrinted(id);
  const [ensure, { thisMachine }] = await Promise.all([
    loadInstaller(id),
    import("../deploy/this-machine.ts"),
  ]);
  const machine = thisMachine({ env, projects });
  const result = await ensure(machine, { onProgress: tell(progress), signal });
  return result.ok ? { engine: result.engine, machine } : refuseEngine(result.error);
}

/** Tells each step once, and how it goes. */
function tell(progress: Workplace["progress"]): (state: InstallProgress) => void {
  let told = "";
  return (state) => {
    const { step, note } = describe(state);
    if (step !== told) progress.step(step);
    told = step;
    progress.note(note);
  };
}

/** Makes ready Crossplane's own renderer and validator. */
export async function prepareCrossplane(
  { env, progress, signal }: Workplace,
  projects: readonly string[],
): Promise<Refusal | undefined> {
  const [{ ensureCrossplane }, { thisMachine }] = await Promise.all([
    import("../deploy/crossplane/ensure-crossplane.ts"),
    import("../deploy/this-machine.ts"),
  ]);
  const machine = thisMachine({ env, projects });
  const built = await ensureCrossplane(machine, { onProgress: tell(progress), signal });
  if (built.ok) return undefined;
  return refuse({
    kind: "remote",
    code: "crossplane-build-failed",
    message: "Crossplane's renderer and validator could not be built from their Go modules",
    remedy: "Put Go 1.26 or newer on the PATH and see that it reaches its module proxy.",
    details: { reason: built.reason },
  });
}

/** Makes ready what the sandbox needs besides itself to run a stack, as its vendors say. */
export async function prepareSandbox(
  { progress, signal }: Workplace,
  machine: Machine,
  lowered: readonly Lowered[],
): Promise<Refusal | undefined> {
  const needs = new Set(lowered.flatMap(({ sandboxNeeds = [] }) => sandboxNeeds));
  if (!needs.has("object-store")) return undefined;
  const { ensureStore } = await import("../deploy/ensure-store.ts");
  const built = await ensureStore(machine, { onProgress: tell(progress), signal });
  if (built.ok) return undefined;
  return refuse({
    kind: "remote",
    code: "store-build-failed",
    message: "the sandbox's object store could not be built from its Go module",
    remedy:
      "Put Go 1.25 or newer on the PATH and see that it reaches its module proxy, then run the command again.",
    details: { reason: built.reason },
  });
}

async function loadInstaller(id: ApplyingEngineId) {
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
    case "Crossplane":
    case "Crossplane CLI":
      return {
        step: `building ${state.what === "Crossplane" ? "Crossplane" : "its command line"} from its published module, once a machine`,
        note: countPackages(state),
      };
    case "object store":
      return {
        step: "building the sandbox's object store from its published module, once a machine (1 to 3 minutes)",
        note: countPackages(state),
      };
    default:
      return {
        step: `building Pulumi's ${state.what} from its published modules, once a machine (4 to 6 minutes in all)`,
        note: countPackages(state),
      };
  }
}
