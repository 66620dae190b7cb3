import type { StackContent } from "../deploy/engine-driver.ts";
import { countSteps } from "../deploy/engine-step.ts";
import type { EngineRun } from "../deploy/run-engine.ts";
import { nameSubject } from "../permissions/name-subject.ts";
import { openBrokerSession, renewTokens } from "./broker-session.ts";
import { type CompiledProject, compileSources, type StackQuery } from "./compile-sources.ts";
import { emptyBuckets } from "./empty-buckets.ts";
import { refuseEngine } from "./engine-refusal.ts";
import { projectFolders } from "./find-project.ts";
import { refuseChangedState } from "./guard-state.ts";
import { type OpenSandbox, openSandbox } from "./open-sandbox.ts";
import { type Outcome, refuse, succeed } from "./outcome.ts";
import { describeJob, layOutRun } from "./plan-stack.ts";
import { type PreparedEngine, prepareEngine } from "./prepare-engine.ts";
import { presentTime } from "./present-time.ts";
import { refuseLive } from "./refuse-live.ts";
import { refuseOtherEngine } from "./refuse-other-engine.ts";
import { type MoneyReport, reportMoney } from "./report-money.ts";
import { ledgerHome } from "./sandbox-home.ts";
import { describeLease, type LeaseStatus } from "./status-project.ts";
import { suggestCommand } from "./suggest-command.ts";
import { takeTurn } from "./take-turn.ts";
import { tellSteps } from "./up-project.ts";
import type { Workplace } from "./workplace.ts";

export interface DestroyQuery extends StackQuery {
  /** Asked before anything is done, with the number of resources; false stops it. */
  readonly confirm: (resources: number) => Promise<boolean>;
}

export interface DestroyResult {
  readonly project: string;
  readonly stack: string;
  /** Resources that the engine removed or let go. */
  readonly removed: number;
  /** What was left on purpose: domains, and the accounts that hold them. */
  readonly kept: readonly LeaseStatus[];
  readonly money: MoneyReport;
}

/** Removes what the stack made, with the data in it. A person acts here: domains and the accounts that hold them stay, everything else goes. */
export async function destroyProject(
  workplace: Workplace,
  query: DestroyQuery,
): Promise<Outcome<DestroyResult>> {
  // What is to go needs no guardrails' blessing, and no app that can be built.
  const compiled = await compileSources(workplace, query, { emit: "unbuilt", ignorePolicy: true });
  if ("ok" in compiled) return compiled;
  const { model, project } = compiled;
  if (model.live) {
    return refuseLive(model.stack, "Only the stack `local` is destroyed without approval.");
  }
  const prepared = await prepareEngine(workplace, model.engine, projectFolders(project));
  if ("ok" in prepared) return prepared;
  return takeTurn(workplace, project.root, () =>
    removeInTurn(workplace, query, compiled, prepared),
  );
}

/** What is there is read when it is our turn: a run that was waited for may have made or removed something. */
async function removeInTurn(
  workplace: Workplace,
  query: DestroyQuery,
  compiled: CompiledProject,
  prepared: PreparedEngine,
): Promise<Outcome<DestroyResult>> {
  const job = describeJob(workplace, compiled, prepared);
  const elsewhere = await refuseOtherEngine(workplace, job);
  if (elsewhere !== undefined) return elsewhere;
  const { loadDriver } = await import("../deploy/load-driver.ts");
  const driver = await loadDriver(job.engine.id);
  const found = await driver.readStack(job);
  if (found === "unreadable") {
    return refuse({
      kind: "remote",
      code: "state-unreadable",
      message:
        "nothing was destroyed: the stack's state can't be read, so it is not known what is there",
      remedy:
        "Restore the state below `.supercargo`; the engine keeps a copy of the one before beside it.",
    });
  }
  const changed = await refuseChangedState(job.place, ledgerHome(job.place.root, compiled.model));
  if (changed !== undefined) return changed;
  const content = found === "absent" ? NOTHING : found;
  const resources = content.resources.length;
  if (resources > 0 && !(await query.confirm(resources))) {
    return refuse({
      kind: "person",
      code: "not-confirmed",
      message: `nothing was destroyed: a person must confirm the end of ${resources} resources`,
      remedy: "Answer yes on a terminal, or give `--yes`.",
    });
  }
  workplace.progress.step("starting the sandbox");
  const sandbox = await openSandbox(compiled.project.root, { daemon: false });
  if ("ok" in sandbox) return sandbox;
  try {
    const { withPrivateFolder } = await import("../deploy/private-folder.ts");
    return await withPrivateFolder(job.place.root, async (base) => {
      const run = await layOutRun(job, compiled, base);
      return removeStack(workplace, query, { compiled, run, sandbox, content });
    });
  } finally {
    await sandbox.close();
  }
}

/** All that the removal works on. */
interface Removal {
  readonly compiled: CompiledProject;
  readonly run: EngineRun;
  readonly sandbox: OpenSandbox;
  readonly content: StackContent;
}

const NOTHING: StackContent = { resources: [], outputs: {} };

async function removeStack(
  workplace: Workplace,
  query: DestroyQuery,
  { compiled, run, sandbox, content }: Removal,
): Promise<Outcome<DestroyResult>> {
  const resources = content.resources.length;
  const { loadDriver } = await import("../deploy/load-driver.ts");
  const driver = await loadDriver(run.engine.id);
  const { model } = compiled;
  if (resources > 0) {
    const ensured = await driver.ensureStack(run);
    if (!ensured.ok) return refuseEngine(ensured.error);
  }
  const session = await openBrokerSession(workplace, compiled, sandbox, {
    subject: nameSubject(model, true),
    place: run.place,
  });
  if ("ok" in session) return session;
  try {
    let removed = 0;
    if (resources > 0) {
      const told = { ...run, onProgress: tellSteps(workplace, resources) };
      const refused = await renewTokens(session, told);
      if (refused !== undefined) return refused;
      const full = await emptyBuckets(session, content.resources, run.place);
      if (full !== undefined) return full;
      workplace.progress.step(`removing ${resources} resources`);
      const report = await driver.destroyStack({ ...told, env: session.admit(["read", "delete"]) });
      if (!report.ok) return refuseEngine(report.error, session.remarks());
      removed = countSteps(report.steps).delete ?? 0;
    }
    const summary = await session.broker.summary();
    const kept = summary.retained
      .filter(({ identity }) => identity.project === model.name && identity.stack === model.stack)
      .map(describeLease);
    const money = reportMoney(summary, model.limits, presentTime(workplace));
    const { name: project, stack } = model;
    const nextSteps = [suggestCommand("up", query), "npx supercargo sandbox stop"];
    return succeed({ project, stack, removed, kept, money }, { nextSteps });
  } finally {
    await session.close();
  }
}
