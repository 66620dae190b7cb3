import { countSteps, type EngineStep } from "../deploy/engine-step.ts";
import type { EngineProgress, EngineReport } from "../deploy/run-engine.ts";
import { nameSubject } from "../permissions/name-subject.ts";
import type { Review } from "../review/review.ts";
import { rememberPermissions } from "./applied-permissions.ts";
import { openBrokerSession, renewTokens } from "./broker-session.ts";
import { emptyBuckets } from "./empty-buckets.ts";
import { refuseEngine } from "./engine-refusal.ts";
import { findLedger } from "./find-ledger.ts";
import { findProject } from "./find-project.ts";
import { type OpenSandbox, openSandbox } from "./open-sandbox.ts";
import { type Outcome, type Refusal, refuse, succeed } from "./outcome.ts";
import { type PlanQuery, planStack, type StackPlan } from "./plan-stack.ts";
import { prepareSandbox } from "./prepare-engine.ts";
import { presentTime } from "./present-time.ts";
import { readLedgerSummary } from "./read-ledger-summary.ts";
import { readUrls, type StackUrl } from "./read-urls.ts";
import { refuseUnmirrored } from "./refuse-unmirrored.ts";
import { refuseUnplayed } from "./refuse-unplayed.ts";
import { type MoneyReport, reportMoney } from "./report-money.ts";
import { suggestCommand } from "./suggest-command.ts";
import { takeTurn } from "./take-turn.ts";
import type { Workplace } from "./workplace.ts";

/** What a person sees first. */
export interface UpPlan {
  readonly review: Review;
  /** The engine's own steps with their inputs; secrets are masked. */
  readonly steps: readonly EngineStep[];
}

export interface UpQuery extends PlanQuery {
  /** The sandbox outlives this process. Default true; without it, it ends with this process, however that ends. */
  readonly keepSandbox?: boolean | undefined;
  /** Told what would be done, before anything is. */
  readonly onPlan?: ((plan: UpPlan) => void) | undefined;
  /** Asked when a person acts and something would be lost, with the number of resources; false, the default, stops it. */
  readonly confirm?: ((losses: number) => Promise<boolean>) | undefined;
  /** Asked last, in the same turn, when everybody has agreed to what would change; its refusal stops it. */
  readonly beforeApply?: (() => Promise<Refusal | undefined>) | undefined;
}

export interface UpResult {
  readonly project: string;
  readonly stack: string;
  /** Resources that were created, updated, replaced or deleted. */
  readonly changes: number;
  readonly unchanged: number;
  /** By operation, e.g. `create`. */
  readonly applied: Readonly<Record<string, number>>;
  readonly urls: readonly StackUrl[];
  readonly money: MoneyReport;
  readonly sandbox: {
    readonly controlUrl: string;
    readonly appPort: number;
    readonly pid: number;
    /** It was started for this. */
    readonly started: boolean;
  };
}

/** The end of a run, and the sandbox it used. */
export interface UpRun {
  readonly outcome: Outcome<UpResult>;
  readonly sandbox?: OpenSandbox | undefined;
}

/**
 * Makes the stack what the manifest says: plan, review, and on `local` at once the acts themselves. Live stacks need a person's approval and
 * are refused without it. A second run changes nothing and buys nothing.
 */
export async function upProject(workplace: Workplace, query: UpQuery): Promise<Outcome<UpResult>> {
  const { outcome, sandbox } = await runUp(workplace, query);
  // What was started for a run that was broken off goes with it.
  if (workplace.signal.aborted) await sandbox?.close();
  return outcome;
}

/** Like {@link upProject}, for callers that go on with the sandbox and close it themselves. */
export async function runUp(workplace: Workplace, query: UpQuery): Promise<UpRun> {
  const project = findProject(workplace.cwd, query);
  if ("ok" in project) return { outcome: project };
  const { root } = project;
  const { withPrivateFolder } = await import("../deploy/private-folder.ts");
  return takeTurn(workplace, root, () =>
    withPrivateFolder(root, (base) => planAndApply(workplace, query, base)),
  );
}

async function planAndApply(workplace: Workplace, query: UpQuery, base: string): Promise<UpRun> {
  const plan = await planStack(workplace, query, base);
  if ("ok" in plan) return { outcome: plan };
  query.onPlan?.({ review: plan.review, steps: plan.report.steps });
  if (plan.compiled.model.live) return { outcome: refuseLive(plan, query) };
  const { model, lowered } = plan.compiled;
  const unplayed = refuseUnplayed(lowered) ?? refuseUnmirrored(model.engine, lowered, "apply");
  if (unplayed !== undefined) return { outcome: unplayed };
  const losses = plan.report.steps.filter(isRemoval).length;
  if (query.person === true && losses > 0 && (await query.confirm?.(losses)) !== true)
    return { outcome: refuseUnconfirmed(losses) };
  const { root } = plan.compiled.project;
  const unready = await prepareSandbox(workplace, plan.run.machine, plan.compiled.lowered);
  if (unready !== undefined) return { outcome: unready };
  workplace.progress.step("starting the sandbox");
  const sandbox = await openSandbox(root, { daemon: query.keepSandbox !== false });
  if ("ok" in sandbox) return { outcome: sandbox };
  try {
    const isIdle = plan.changes === 0 && !plan.interrupted;
    const applied = isIdle
      ? plan.report
      : ((await query.beforeApply?.()) ?? (await applyChanges(workplace, plan, sandbox, query)));
    if (!("ok" in applied)) rememberPermissions(plan.compiled);
    const outcome =
      "ok" in applied ? applied : await describeResult(workplace, plan, applied, sandbox, query);
    return { outcome, sandbox };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

async function describeResult(
  workplace: Workplace,
  { compiled, review, changes, diagnostics }: StackPlan,
  report: EngineReport,
  sandbox: OpenSandbox,
  query: UpQuery,
): Promise<Outcome<UpResult>> {
  const { limits } = compiled.model;
  const ledger = findLedger(workplace, compiled.project.root, compiled.model);
  if ("ok" in ledger) return ledger;
  const summary = await readLedgerSummary(ledger, limits);
  if (summary !== undefined && "ok" in summary) return summary;
  const { same = 0, ...applied } = countSteps(report.steps);
  const urls = readUrls(report.outputs, sandbox.appPort);
  const { controlUrl, appPort, pid, started } = sandbox;
  return succeed(
    {
      project: review.project,
      stack: review.stack,
      changes,
      unchanged: same,
      applied,
      urls,
      money: reportMoney(summary, limits, presentTime(workplace)),
      sandbox: { controlUrl, appPort, pid, started },
    },
    {
      diagnostics,
      nextSteps: [
        ...urls.flatMap(({ local }) => (local === undefined ? [] : [`open ${local}`])),
        suggestCommand("status", query),
        suggestCommand("destroy", query),
        "npx supercargo sandbox stop",
      ],
    },
  );
}

async function applyChanges(
  workplace: Workplace,
  { compiled, run, report: planned, changes }: StackPlan,
  sandbox: OpenSandbox,
  query: UpQuery,
): Promise<EngineReport | Refusal> {
  const only = planned.steps.flatMap(({ operation, urn }) => (operation === "same" ? [] : [urn]));
  // What an earlier run was broken off in must not bring this one to what it leaves alone.
  if (query.keepsOld === true && only.length === 0) return planned;
  const { loadDriver } = await import("../deploy/load-driver.ts");
  const driver = await loadDriver(run.engine.id);
  const { progress } = workplace;
  const session = await openBrokerSession(workplace, compiled, sandbox, {
    subject: nameSubject(compiled.model, query.person),
    place: run.place,
  });
  if ("ok" in session) return session;
  try {
    const engineRun = { ...run, onProgress: tellSteps(workplace, changes) };
    const refused = await renewTokens(session, engineRun);
    if (refused !== undefined) return refused;
    const going = new Set(planned.steps.filter(isRemoval).map(({ urn }) => urn));
    const found = going.size === 0 ? "absent" : await driver.readStack(run);
    const resources = typeof found === "string" ? [] : found.resources;
    const removed = resources.filter(({ urn }) => going.has(urn));
    const full = await emptyBuckets(session, removed, run.place);
    if (full !== undefined) return full;
    progress.step(changes === 1 ? "applying 1 change" : `applying ${changes} changes`);
    const result = await driver.upStack(
      { ...engineRun, env: session.admit() },
      query.keepsOld === true ? only : undefined,
    );
    if (!result.ok) return refuseEngine(result.error, session.remarks());
    const { ok: _, ...report } = result;
    return report;
  } finally {
    await session.close();
  }
}

function isRemoval({ operation, type }: EngineStep): boolean {
  return (operation === "delete" || operation === "replace") && !type.startsWith("pulumi:");
}

function refuseUnconfirmed(losses: number): Refusal {
  const what = losses === 1 ? "1 resource" : `${losses} resources`;
  return refuse({
    kind: "person",
    code: "not-confirmed",
    message: `nothing was changed: a person must confirm the end of ${what}`,
    remedy: "Answer yes on a terminal, or give `--yes`.",
  });
}

/** Counts resources as they are done. */
export function tellSteps({ progress }: Workplace, total: number): (event: EngineProgress) => void {
  let done = 0;
  return ({ phase, step }) => {
    if (phase === "ends") done += 1;
    progress.note(`${Math.min(done, total)} of ${total}, ${step.operation} ${step.name}`);
  };
}

function refuseLive({ review, changes, diagnostics }: StackPlan, query: UpQuery): Refusal {
  const { stack } = review;
  return refuse(
    {
      kind: "person",
      code: "approval-needed",
      message: `\`${stack}\` is a live stack: a person must approve this review, and this machine holds no live credentials`,
      remedy: "Show a person the review; only the stack `local` is applied without approval.",
      details: { stack, changes },
    },
    { diagnostics, nextSteps: [`${suggestCommand("preview", query)} --out review`] },
  );
}
