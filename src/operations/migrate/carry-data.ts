import type { MigrationSource } from "../../adapters/vendors/migration-source.ts";
import { vendorName } from "../../adapters/vendors/vendor-name.ts";
import type { CallDocker } from "../../deploy/stand-in-plugin/docker/docker-api.ts";
import type { Journal } from "../../migration/journal.ts";
import { type OpenSandbox, readConnection } from "../open-sandbox.ts";
import { type Refusal, refuse } from "../outcome.ts";
import type { Workplace } from "../workplace.ts";
import { checkQueues } from "./check-queues.ts";
import { type DataMove, openDataMoves } from "./data-moves.ts";
import { MigrationStop } from "./migration-stop.ts";
import { openOldPlace } from "./open-old-place.ts";
import { type OldSession, openOldSession } from "./open-old-session.ts";
import type { MigrationPlan, MigrationQuery } from "./plan-migration.ts";
import { refuseStopped } from "./refuse-stopped.ts";
import { type Mover, startMover } from "./start-mover.ts";
import { switchNames } from "./switch-names.ts";

/** Passes, each of which carries over only what was written since the one before. */
const PASSES = 10;
/** The longest pass with which names are switched, milliseconds: requests wait for one like it, and for the app's start. */
const PASS_MS_MAX = 10_000;

/** What was carried, and for how long requests waited. */
export interface Carried {
  readonly checked: Readonly<Record<string, number>>;
  readonly heldMs: number | null;
}

/**
 * Copies, verifies and switches names, from wherever the journal says. `note` writes the journal. Answers with a refusal when a phase cannot go on; then the next run
 * begins it again.
 */
export async function carryData(
  workplace: Workplace,
  plan: MigrationPlan,
  query: MigrationQuery,
  sandbox: OpenSandbox,
  note: (change: Partial<Journal>) => void,
): Promise<Carried | Refusal> {
  const opened = await openOldSession(workplace, plan, query, sandbox);
  if ("ok" in opened) return opened;
  const { session, place } = opened;
  const movers = new Map<string, Mover>();
  try {
    const places = await openPlaces(workplace, plan, { session, sandbox, place, movers });
    if ("ok" in places) return places;
    const done = await runPhases(workplace, plan, places, note);
    await removeAll(movers);
    return done;
  } catch (error) {
    // What went wrong first is what is told.
    await removeAll(movers).catch(() => undefined);
    return refuseStopped(error);
  } finally {
    await session.close();
  }
}

interface Places {
  readonly call: CallDocker;
  readonly source: MigrationSource;
  readonly moves: readonly DataMove[];
  readonly zones: readonly string[];
}

async function openPlaces(
  workplace: Workplace,
  { source: { model }, content }: MigrationPlan,
  {
    session,
    sandbox,
    place,
    movers,
  }: OldSession & {
    readonly sandbox: OpenSandbox;
    /** Filled with what is started, so that it is known when a later one fails. */
    readonly movers: Map<string, Mover>;
  },
): Promise<Places | Refusal> {
  const [{ createDockerApi }, { bundleMover }] = await Promise.all([
    import("../../deploy/stand-in-plugin/docker/docker-api.ts"),
    import("../../compiler/4-emit/bundle-mover.ts"),
  ]);
  const old = await openOldPlace({ session, place });
  if (old === undefined) return refuseUndeployed();
  if ("ok" in old) return old;
  const { source, zones } = old;
  const { engine } = await readConnection(sandbox, workplace);
  const call = createDockerApi(engine.DOCKER_HOST ?? "");
  const nameOf = (resource: string) => vendorName(model, resource);
  const program = await bundleMover();
  for (const app of new Set(content.data.map((one) => one.app)))
    movers.set(app, await startMover(call, nameOf(app), program));
  const moves = await openDataMoves(content.data, source, movers, nameOf);
  return { call, source, moves, zones };
}

/** Each of them, also when one does not go. */
async function removeAll(movers: ReadonlyMap<string, Mover>): Promise<void> {
  const removals = await Promise.allSettled([...movers.values()].map((mover) => mover.remove()));
  for (const removal of removals) if (removal.status === "rejected") throw removal.reason;
}

async function runPhases(
  { progress }: Workplace,
  plan: MigrationPlan,
  places: Places,
  note: (change: Partial<Journal>) => void,
): Promise<Carried> {
  const { content, source: compiled, journal } = plan;
  const { call, source, moves, zones } = places;
  const nameOf = (resource: string) => vendorName(compiled.model, resource);
  if (!journal.namesLeft) {
    progress.step("copying the data, while the app goes on where it is");
    for (const { resource, unit, sync } of moves) {
      const { items } = await sync();
      progress.note(`${resource}: ${items} ${unit}`);
    }
    note({ phase: "verify" });
    progress.step("comparing both sides, row by row and object by object");
    await verify(moves);
    await checkQueues(source, {
      consumed: content.queues.map(nameOf),
      unconsumed: content.unconsumed.map(nameOf),
    });
  }
  note({ phase: "switch" });
  progress.step("switching the names: requests wait while the last changes are carried over");
  const { checked, heldMs } = await switchNames({
    ...{ source, moves, zones },
    workers: content.webs.map(nameOf),
    queues: content.queues.map(nameOf),
    onLeft: () => note({ namesLeft: true }),
    onCarried: (checked) => note({ checked, started: true }),
    async startApps() {
      for (const app of content.apps)
        await call({ method: "POST", path: `/containers/${nameOf(app)}/start` });
    },
  });
  return { checked, heldMs: journal.namesLeft ? null : heldMs };
}

/**
 * Carries over and compares until a pass over everything is short enough to be made while requests wait. Visitors go on writing meanwhile, so what differs is carried over again, and only
 * what then differs in the same way is a fault of ours.
 */
async function verify(moves: readonly DataMove[]): Promise<void> {
  const before = new Map<DataMove, ReadonlySet<string>>();
  for (let pass = 0; pass < PASSES; pass++) {
    const begun = performance.now();
    for (const move of moves) {
      await move.sync();
      const { differing } = await move.compare();
      if ([...differing].some((mark) => before.get(move)?.has(mark)))
        throw new MigrationStop("data-differs", move.resource);
      before.set(move, differing);
    }
    if (pass > 0 && performance.now() - begun < PASS_MS_MAX) return;
  }
  throw new MigrationStop("hold-too-long", moves.map(({ resource }) => resource).join("`, `"));
}

function refuseUndeployed(): Refusal {
  return refuse({
    kind: "usage",
    code: "not-deployed",
    message: "the stack is not deployed where the manifest says, so there is nothing to carry over",
    remedy: "Write the new provider into the manifest, and run `npx supercargo up`.",
  });
}
