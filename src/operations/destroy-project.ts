import { existsSync } from "node:fs";
import { join } from "node:path";
import { OPENTOFU_FILE } from "../compiler/4-emit/opentofu/opentofu-file.ts";
import type { StackContent } from "../deploy/engine-driver.ts";
import { countSteps } from "../deploy/engine-step.ts";
import type { EngineRun } from "../deploy/run-engine.ts";
import { nameSubject } from "../permissions/name-subject.ts";
import { openBrokerSession, renewTokens } from "./broker-session.ts";
import { type CompiledProject, compileSources, type StackQuery } from "./compile-sources.ts";
import { emptyBuckets } from "./empty-buckets.ts";
import { refuseEngine } from "./engine-refusal.ts";
import { refuseChangedState } from "./guard-state.ts";
import { type OpenSandbox, openSandbox } from "./open-sandbox.ts";
import { type Outcome, type Refusal, refuse, succeed } from "./outcome.ts";
import { describeRun } from "./plan-stack.ts";
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
import { writeProject } from "./write-project.ts";

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
  // What is to go needs no guardrails' blessing; the program is printed only if the engine has no project file yet.
  const compiled = await compileSources(workplace, query, { emit: false, ignorePolicy: true });
  if ("ok" in compiled) return compiled;
  const { model, project } = compiled;
  if (model.live) {
    return refuseLive(model.stack, "Only the stack `local` is destroyed without approval.");
  }
  const prepared = await prepareEngine(workplace, model.engine);
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
  const run = describeRun(workplace, compiled, prepared);
  const elsewhere = await refuseOtherEngine(workplace, run);
  if (elsewhere !== undefined) return elsewhere;
  const needed = await ensureProgram(workplace, query, run);
  if (needed !== undefined) return needed;
  const { loadDriver } = await import("../deploy/load-driver.ts");
  const driver = await loadDriver(run.engine.id);
  const found = await driver.readStack(run);
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
  const changed = await refuseChangedState(run.place, ledgerHome(run.place.root, compiled.model));
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
    return await removeStack(workplace, query, { compiled, prepared, sandbox, content });
  } finally {
    await sandbox.close();
  }
}

/** All that the removal works on. */
interface Removal {
  readonly compiled: CompiledProject;
  readonly prepared: PreparedEngine;
  readonly sandbox: OpenSandbox;
  readonly content: StackContent;
}

const NOTHING: StackContent = { resources: [], outputs: {} };

async function removeStack(
  workplace: Workplace,
  query: DestroyQuery,
  { compiled, prepared, sandbox, content }: Removal,
): Promise<Outcome<DestroyResult>> {
  const resources = content.resources.length;
  const { loadDriver } = await import("../deploy/load-driver.ts");
  const driver = await loadDriver(prepared.engine.id);
  const { model } = compiled;
  const { place } = describeRun(workplace, compiled, prepared);
  const session = await openBrokerSession(workplace, compiled, sandbox, {
    subject: nameSubject(model, true),
    place,
  });
  if ("ok" in session) return session;
  try {
    let removed = 0;
    if (resources > 0) {
      const onProgress = tellSteps(workplace, resources);
      const run = { ...describeRun(workplace, compiled, prepared), onProgress };
      const refused = await renewTokens(session, run);
      if (refused !== undefined) return refused;
      const full = await emptyBuckets(session, content.resources, run.place);
      if (full !== undefined) return full;
      workplace.progress.step(`removing ${resources} resources`);
      const report = await driver.destroyStack({ ...run, env: session.admit(["read", "delete"]) });
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

/** Prints the stack when it is not there: the engine needs its project file or its configuration. */
async function ensureProgram(
  workplace: Workplace,
  query: DestroyQuery,
  { place, engine }: EngineRun,
): Promise<Refusal | undefined> {
  const file = engine.id === "opentofu" ? OPENTOFU_FILE : "Pulumi.yaml";
  if (existsSync(join(place.folder, file))) return undefined;
  const printed = await compileSources(workplace, query, { emit: true });
  if ("ok" in printed) return printed;
  const written = await writeProject(printed);
  return "ok" in written ? written : undefined;
}
