import { randomUUID } from "node:crypto";
import { lstatSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { vendorName } from "../adapters/vendors/vendor-name.ts";
import { type Journal, PHASES, type Phase, writeJournal } from "../migration/journal.ts";
import { placeStack } from "../migration/place-stack.ts";
import { findProject, MANIFEST_FILE } from "./find-project.ts";
import { type Carried, carryData } from "./migrate/carry-data.ts";
import {
  type MigrationPlan,
  type MigrationQuery,
  planMigration,
  refuseOtherContent,
} from "./migrate/plan-migration.ts";
import { refuseLateMessages } from "./migrate/refuse-late-messages.ts";
import { type OpenSandbox, openSandbox, readConnection } from "./open-sandbox.ts";
import { type Outcome, type Refusal, refuse, succeed } from "./outcome.ts";
import type { StackUrl } from "./read-urls.ts";
import { projectHome } from "./sandbox-home.ts";
import { suggestCommand } from "./suggest-command.ts";
import { takeTurn } from "./take-turn.ts";
import { runUp, type UpQuery, type UpResult } from "./up-project.ts";
import type { Workplace } from "./workplace.ts";

/** How long a sandbox may take to say where its container host is when apps are stopped, milliseconds. */
const STOP_MS = 5_000;

export interface MigrateQuery extends MigrationQuery {
  /** Show the phases and do nothing. */
  readonly planOnly?: boolean | undefined;
  /** As for `up`: told what the engine would do, before the phases that use it. */
  readonly onPlan?: UpQuery["onPlan"];
  /** As for `up`: asked before the old resources go. */
  readonly confirm?: UpQuery["confirm"];
  readonly keepSandbox?: boolean | undefined;
}

export interface PhaseState {
  readonly phase: Phase;
  readonly state: "done" | "next" | "later";
  readonly does: string;
}

export interface MigrationResult {
  readonly project: string;
  readonly stack: string;
  readonly from: string;
  readonly to: string;
  readonly phases: readonly PhaseState[];
  /** What was compared on both sides when nobody wrote any more, by resource: rows, objects or keys. */
  readonly checked: Readonly<Record<string, number>>;
  /** For how long requests waited, milliseconds; null when the names were switched by an earlier run or are not yet. */
  readonly heldMs: number | null;
  readonly urls: readonly StackUrl[];
}

/**
 * Moves a stack to another vendor in phases: create what is missing there, copy the data, compare it, switch the names, and let a person retire what is left. A phase that was
 * broken off is begun again by the next run. Never touches a domain's registration. Acts on the stack `local` only.
 */
export async function migrateProject(
  workplace: Workplace,
  query: MigrateQuery,
): Promise<Outcome<MigrationResult>> {
  if (query.planOnly === true) {
    const plan = await planMigration(workplace, query);
    if ("ok" in plan) return plan;
    return succeed(describe(plan, plan.journal), {
      nextSteps: [`${suggestCommand("migrate", query)} --to ${query.to}`],
    });
  }
  const project = findProject(workplace.cwd, query);
  if ("ok" in project) return project;
  // A journal that was read before another run went on tells what is no longer so.
  return takeTurn(workplace, project.root, () => migrateInTurn(workplace, query), "migrate.lock");
}

async function migrateInTurn(
  workplace: Workplace,
  query: MigrateQuery,
): Promise<Outcome<MigrationResult>> {
  const plan = await planMigration(workplace, query);
  if ("ok" in plan) return plan;
  const sandbox = await openSandbox(plan.root, { daemon: query.keepSandbox !== false });
  if ("ok" in sandbox) return sandbox;
  return runPhases(workplace, plan, query, sandbox);
}

async function runPhases(
  workplace: Workplace,
  plan: MigrationPlan,
  query: MigrateQuery,
  sandbox: OpenSandbox,
): Promise<Outcome<MigrationResult>> {
  const { root } = plan;
  let { journal } = plan;
  const note = (change: Partial<Journal>): void => {
    journal = { ...journal, ...change };
    writeJournal(projectHome(root), journal);
  };
  note({});
  const { to } = journal;
  if (journal.phase === "create") {
    workplace.progress.step(`creating at ${to} what the manifest needs there`);
    const outcome = await createThere(workplace, plan, query, sandbox);
    if (!outcome.ok) return outcome;
    note({ phase: "copy" });
  }
  let carried: Carried | undefined;
  if (journal.phase !== "retire") {
    if (journal.started) {
      workplace.progress.step(`starting what was carried over to ${to}`);
      await tellApps(workplace, plan, sandbox, "start");
    } else {
      const done = await takeTurn(workplace, root, () =>
        carryData(workplace, { ...plan, journal }, query, sandbox, note),
      );
      if ("ok" in done) return done;
      carried = done;
    }
    writeManifest(workplace, query, to);
    note({ phase: "retire" });
  }
  if (query.person !== true) return refuseWithoutPerson(query);
  // The manifest was read when this run began, and what it lost since would go at both places.
  const other = await refuseOtherContent(workplace, query, journal);
  if (other !== undefined) return other;
  workplace.progress.step(`retiring what is left at ${journal.from}`);
  const { outcome } = await runUp(workplace, {
    ...upQuery(query),
    // A person may read for long, and messages come meanwhile.
    beforeApply: () => refuseLateMessages(workplace, plan, query, sandbox),
  });
  if (!outcome.ok) return outcome;
  note({ phase: "done" });
  const result = { ...describe(plan, journal), heldMs: carried?.heldMs ?? null };
  return succeed(
    { ...result, urls: outcome.data.urls },
    { nextSteps: [suggestCommand("status", query)] },
  );
}

function upQuery({ to, planOnly: _, ...query }: MigrateQuery): UpQuery {
  return { ...query, provider: to };
}

/** Makes at the new place what the manifest needs there. However that ends, no app goes on running there. */
async function createThere(
  workplace: Workplace,
  plan: MigrationPlan,
  query: MigrateQuery,
  sandbox: OpenSandbox,
): Promise<Outcome<UpResult>> {
  // A run that was killed may have left some running.
  await tellApps(workplace, plan, sandbox, "stop");
  let isMade = false;
  try {
    const { outcome } = await runUp(workplace, { ...upQuery(query), keepsOld: true });
    isMade = outcome.ok;
    return outcome;
  } finally {
    // A run that is broken off leaves apps that were started, too.
    const calm = { ...workplace, signal: AbortSignal.timeout(STOP_MS) };
    await tellApps(calm, plan, sandbox, "stop").catch((error: unknown) => {
      // What went wrong before is what is told.
      if (isMade) throw error;
    });
  }
}

/**
 * What runs twice would consume and write twice: the new apps are stopped until the names lead to them. One that is not there yet needs no telling to stop.
 */
async function tellApps(
  workplace: Workplace,
  { source: { model }, content }: MigrationPlan,
  sandbox: OpenSandbox,
  what: "start" | "stop",
): Promise<void> {
  const { createDockerApi, DockerError } = await import(
    "../deploy/stand-in-plugin/docker/docker-api.ts"
  );
  const { engine } = await readConnection(sandbox, workplace);
  const call = createDockerApi(engine.DOCKER_HOST ?? "");
  for (const app of content.apps) {
    try {
      await call({ method: "POST", path: `/containers/${vendorName(model, app)}/${what}` });
    } catch (error) {
      const isMissing = error instanceof DockerError && error.status === 404;
      if (!isMissing || what === "start") throw error;
    }
  }
}

/** The manifest's one word, so that the next `up` keeps things where they are now. */
function writeManifest(workplace: Workplace, query: MigrateQuery, to: string): void {
  const project = findProject(workplace.cwd, query);
  if ("ok" in project) return;
  const { manifest, folder } = project;
  const placed = placeStack(manifest, query.stack ?? "local", to);
  if (placed === manifest) return;
  const file = join(folder, manifest.path.split("/").at(-1) ?? MANIFEST_FILE);
  // Whoever writes into the folder may have put a link in the place of any name that can be guessed.
  const draft = `${file}.${randomUUID()}`;
  const mode = lstatSync(file).mode & 0o777;
  writeFileSync(draft, placed.bytes, { flag: "wx", flush: true, mode });
  renameSync(draft, file);
}

function refuseWithoutPerson(query: MigrateQuery): Refusal {
  const command = `${suggestCommand("migrate", query)} --to ${query.to} --person`;
  return refuse(
    {
      kind: "person",
      code: "retire-needs-person",
      message:
        "everything runs at the new place; the old resources and the data in them wait for a person to let them go",
      remedy: `Look at the app, then run \`${command}\`.`,
    },
    { nextSteps: [command] },
  );
}

function describe({ source, content }: MigrationPlan, journal: Journal): MigrationResult {
  const { from, to, phase, checked } = journal;
  const data = content.data.map(({ resource }) => resource).join(", ") || "nothing";
  const queues = content.queues.length === 0 ? "" : `, empty ${content.queues.join(", ")}`;
  const idle =
    content.unconsumed.length === 0
      ? ""
      : `; no app consumes ${content.unconsumed.join(", ")}, which must be empty`;
  const does: Readonly<Record<Phase, string>> = {
    create: `review and create at ${to} what the manifest needs there; what is at ${from} goes on`,
    copy: `copy ${data}; the secrets stay with the broker`,
    verify: `compare every row, object and key; what is written meanwhile is carried over again${idle}`,
    switch: `end the old names, hold requests, let what is under way end${queues}, carry over and compare the rest, start ${content.apps.join(", ") || "nothing"}`,
    retire: `a person lets go of what is left at ${from}; domains and their account stay`,
  };
  const now = phase === "done" ? PHASES.length : PHASES.indexOf(phase);
  return {
    project: source.model.name,
    stack: source.model.stack,
    ...{ from, to, checked },
    phases: PHASES.map((name, i) => ({
      phase: name,
      state: i < now ? "done" : i === now ? "next" : "later",
      does: does[name],
    })),
    heldMs: null,
    urls: [],
  };
}
