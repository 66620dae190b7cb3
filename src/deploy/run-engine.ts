import type { Json } from "../util/canonical-json.ts";
import { findForeignCode } from "./check-state.ts";
import { clearStaleLocks, isLocked } from "./clear-stale-locks.ts";
import { endOrphans } from "./end-orphans.ts";
import type { Engine, Machine } from "./engine.ts";
import { findUnsafeSwitches } from "./engine-environment.ts";
import { type EngineError, engineError } from "./engine-error.ts";
import { type EngineStep, settlePreview } from "./engine-step.ts";
import { mendStateFiles } from "./mend-state-files.ts";
import { readCheckpoint } from "./read-checkpoint.ts";
import { readEngineEvent } from "./read-engine-event.ts";
import { readEngineFailure } from "./read-engine-failure.ts";
import { selectStack } from "./select-stack.ts";
import { spawnEngine } from "./spawn-engine.ts";
import type { StackPlace } from "./stack-place.ts";
import {
  addUnfinished,
  listUnfinished,
  settleUnfinished,
  UNFINISHED,
} from "./unfinished-creates.ts";

/** Told while the engine works, once at the begin and once at the end of each resource that is not left as it is. */
export interface EngineProgress {
  readonly phase: "begins" | "ends" | "fails";
  readonly step: EngineStep;
}

/** A stack and what works on it. */
export interface EngineJob {
  readonly machine: Machine;
  readonly engine: Engine;
  readonly place: StackPlace;
  /** Beyond the scrubbed environment, e.g. `SUPERCARGO_BROKER_SOCKET`. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Aborting interrupts the engine once and waits for it. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: EngineProgress) => void) | undefined;
}

/** What every act on a stack needs. */
export interface EngineRun extends EngineJob {
  /** Where the engine works: the stack's folder in what `writeProgram` laid out. */
  readonly folder: string;
}

/** What the engine did, or in a preview would do. */
export interface EngineReport {
  /** One per resource, in the engine's order, those that stay the same included; the stack itself is not in it. */
  readonly steps: readonly EngineStep[];
  /** The stack's outputs; a secret reads `[secret]`. */
  readonly outputs: Readonly<Record<string, Json>>;
  readonly seconds: number;
  /** URNs that a run which died may have created and that the state does not hold; the next `up` takes them over. */
  readonly unfinished: readonly string[];
}

export type EngineResult<T = EngineReport> =
  | ({ readonly ok: true } & T)
  | { readonly ok: false; readonly error: EngineError; readonly steps: readonly EngineStep[] };

/** Says what `up` would do; changes nothing, needs neither broker nor provider for our own resources. */
export function previewStack(run: EngineRun): Promise<EngineResult> {
  return act(run, ["preview"]);
}

/**
 * Makes the stack what its program says. After a crash, the engine's notes about operations that never ended are taken
 * out first. Our own resources may be created again, because the broker does each act once; the stand-in plugin takes
 * over a native one that is there already; the real plugin reports its name as taken. With `only`, nothing but these URNs
 * is touched; when it is empty, the notes of a crash are all that goes.
 */
export function upStack(run: EngineRun, only?: readonly string[]): Promise<EngineResult> {
  // To Pulumi no target at all means the whole stack, with everything that the program no longer has.
  if (only?.length === 0) return forgetCrash(run);
  const targets = (only ?? []).flatMap((urn) => ["--target", urn]);
  return change(run, ["up", "--yes", "--skip-preview", ...targets]);
}

/** Removes what the stack made; registered domains stay. */
export function destroyStack(run: EngineRun): Promise<EngineResult> {
  return change(run, ["destroy", "--yes", "--skip-preview"]);
}

/** Observes every resource and writes into the state what is there. */
export async function refreshStack(run: EngineRun): Promise<EngineResult> {
  noteUnfinished(run.place);
  return act(run, ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
}

/**
 * Like {@link refreshStack} for some of our own resources alone, by logical name. A native one is observed with the token that the state still
 * holds, and after a rotation that one is dead.
 */
export async function refreshLeases(
  run: EngineRun,
  names: readonly string[],
): Promise<EngineResult> {
  noteUnfinished(run.place);
  const checkpoint = readCheckpoint(run.place);
  const resources = typeof checkpoint === "string" ? [] : checkpoint.resources;
  const own = resources.filter(
    ({ inputs, urn }) => "__provider" in inputs && names.includes(urn.split("::").at(-1) ?? ""),
  );
  const targets = own.flatMap(({ urn }) => ["--target", urn]);
  return act(run, ["refresh", "--yes", "--skip-preview", "--clear-pending-creates", ...targets]);
}

/** Makes the stack when it does not exist yet; a look at the file backend when it does. */
export async function ensureStack(
  run: EngineRun,
): Promise<EngineResult<{ readonly created: boolean }>> {
  const exists = readCheckpoint(run.place) !== "absent";
  const refused = refuseUnsafe(run);
  if (refused !== undefined) return { ok: false, error: refused, steps: [] };
  if (exists) {
    await selectStack(run);
    return { ok: true, created: false };
  }
  const exit = await spawnEngine({
    ...run,
    args: ["stack", "init", "--no-select", run.place.stack],
  });
  if (exit.exitCode === 0) {
    await selectStack(run);
    return { ok: true, created: true };
  }
  return { ok: false, error: readEngineFailure({ ...exit, errors: [] }), steps: [] };
}

/** The stack's deployment as Pulumi exports it, secrets still encrypted. */
export async function exportState(
  run: EngineRun,
): Promise<EngineResult<{ readonly deployment: string }>> {
  const refused = await prepare(run);
  if (refused !== undefined) return { ok: false, error: refused, steps: [] };
  const lines: string[] = [];
  const args = ["stack", "export", "--stack", run.place.stack];
  const exit = await spawnEngine({ ...run, args, onLine: (line) => lines.push(line) });
  if (exit.exitCode === 0) return { ok: true, deployment: lines.join("\n") };
  return { ok: false, error: readEngineFailure({ ...exit, errors: [] }), steps: [] };
}

async function change(run: EngineRun, args: readonly string[]): Promise<EngineResult> {
  const { place } = run;
  const refused = await prepare(run);
  if (refused !== undefined) return { ok: false, error: refused, steps: [] };
  const stuck = await clearPending(run);
  if (stuck !== undefined) return stuck;
  const env = { ...run.env, [UNFINISHED]: JSON.stringify(listUnfinished(place)) };
  const result = await act({ ...run, env }, args);
  const made = result.steps.filter((step) => step.after !== undefined);
  settleUnfinished(
    place,
    made.map((step) => step.urn),
  );
  return result.ok ? { ...result, unfinished: listUnfinished(place) } : result;
}

async function forgetCrash(run: EngineRun): Promise<EngineResult> {
  const refused = await prepare(run);
  if (refused !== undefined) return { ok: false, error: refused, steps: [] };
  const stuck = await clearPending(run);
  if (stuck !== undefined) return stuck;
  return { ok: true, steps: [], outputs: {}, seconds: 0, unfinished: listUnfinished(run.place) };
}

/**
 * Drops what a crashed run noted as begun, without asking any provider, after what it began to create was written down
 * by us. Undefined when there is nothing or it worked.
 */
async function clearPending(run: EngineRun): Promise<EngineResult | undefined> {
  const checkpoint = readCheckpoint(run.place);
  if (typeof checkpoint === "string" || checkpoint.pending.length === 0) return undefined;
  noteUnfinished(run.place);
  const args = ["refresh", "--yes", "--skip-preview", "--clear-pending-creates", "--exclude", "**"];
  const result = await act({ ...run, onProgress: undefined }, args);
  return result.ok ? undefined : result;
}

/** Writes down by ourselves what the engine noted as begun to be created. */
function noteUnfinished(place: StackPlace): void {
  const checkpoint = readCheckpoint(place);
  if (typeof checkpoint === "string") return;
  const begun = checkpoint.pending.filter(({ operation }) => operation === "creating");
  if (begun.length === 0) return;
  addUnfinished(
    place,
    begun.map(({ resource }) => resource.urn),
  );
}

async function act(run: EngineRun, args: readonly string[]): Promise<EngineResult> {
  const refused = await prepare(run);
  if (refused !== undefined) return { ok: false, error: refused, steps: [] };
  const steps = new Map<string, EngineStep>();
  const errors: { urn: string | undefined; text: string }[] = [];
  let outputs: Readonly<Record<string, Json>> = {};
  let seconds = 0;
  const onLine = (line: string): void => {
    const event = readEngineEvent(line);
    if (event?.kind === "step") {
      const step = args[0] === "preview" ? settlePreview(event.step) : event.step;
      if (event.phase === "ends") steps.set(step.urn, step);
      if (step.operation !== "same") run.onProgress?.({ phase: event.phase, step });
    } else if (event?.kind === "outputs") outputs = event.outputs;
    else if (event?.kind === "error") errors.push(event);
    else if (event?.kind === "summary") seconds = event.seconds;
  };
  const exit = await spawnEngine({
    ...run,
    args: [...args, "--json", "--stack", run.place.stack],
    onLine,
  });
  const done = [...steps.values()];
  if (exit.exitCode === 0) {
    return { ok: true, steps: done, outputs, seconds, unfinished: listUnfinished(run.place) };
  }
  return { ok: false, error: readEngineFailure({ ...exit, errors }), steps: done };
}

/** Clears what dead runs left behind and refuses what the engine must not see. */
async function prepare(run: EngineRun): Promise<EngineError | undefined> {
  const refused = refuseUnsafe(run);
  if (refused !== undefined) return refused;
  await endOrphans(run.place);
  const checkpoint = readCheckpoint(run.place);
  if (checkpoint === "absent") return engineError("stack-missing", { detail: run.place.stack });
  if (checkpoint === "unreadable") return engineError("state-unreadable");
  const foreign = findForeignCode(checkpoint);
  if (foreign.length > 0) return engineError("state-tampered", { detail: nameAll(foreign) });
  clearStaleLocks(run.place);
  if (!isLocked(run.place)) mendStateFiles(run.place);
  return undefined;
}

/** Logical names, for people; the state's text may be hostile. */
function nameAll(urns: readonly string[]): string {
  const names = urns.map((urn) => urn.slice(urn.lastIndexOf("::") + 2));
  return names.map((name) => (/^[\w.-]{1,100}$/.test(name) ? name : "?")).join(", ");
}

function refuseUnsafe(run: EngineRun): EngineError | undefined {
  const switches = findUnsafeSwitches(run.machine.env);
  return switches.length === 0
    ? undefined
    : engineError("unsafe-switch", { detail: switches.join(", ") });
}
