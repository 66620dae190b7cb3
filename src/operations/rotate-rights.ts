import type { RotationReport } from "../broker/leases/rotate-leases.ts";
import { openBrokerSession } from "./broker-session.ts";
import type { StackQuery } from "./compile-sources.ts";
import { refuseEngine } from "./engine-refusal.ts";
import { findProject } from "./find-project.ts";
import type { LeaseEntry } from "./list-leases.ts";
import { type OpenSandbox, openSandbox } from "./open-sandbox.ts";
import { type Outcome, type Refusal, refuse, succeed } from "./outcome.ts";
import { planStack, type StackPlan } from "./plan-stack.ts";
import { refuseBroker } from "./refuse-broker.ts";
import { refuseLive } from "./refuse-live.ts";
import { refuseUnknownLease } from "./rights-session.ts";
import { takeTurn } from "./take-turn.ts";
import type { Workplace } from "./workplace.ts";

export interface RotateQuery extends StackQuery {
  /** A lease's id, its path, or the beginning of one; default: the whole stack. */
  readonly lease?: string | undefined;
  /** Asked with the number of revoked leases that would live again; only a person gives power back. */
  readonly confirm: (revoked: number) => Promise<boolean>;
}

export interface RotateResult {
  readonly rotated: readonly LeaseEntry[];
  readonly untouched: readonly LeaseEntry[];
  /** Resources of the stack that took a new credential over. */
  readonly applied: number;
}

/**
 * Replaces credentials and hands the new ones to what is deployed, which runs on. The manifest must be what is deployed: a rotation applies
 * nothing else. It also brings revoked leases back to life, once a person says so.
 */
export async function rotateRights(
  workplace: Workplace,
  query: RotateQuery,
): Promise<Outcome<RotateResult>> {
  const project = findProject(workplace.cwd, query);
  if ("ok" in project) return project;
  const { root } = project;
  const { withPrivateFolder } = await import("../deploy/private-folder.ts");
  return takeTurn(workplace, root, () =>
    withPrivateFolder(root, (base) => rotateInTurn(workplace, query, base)),
  );
}

async function rotateInTurn(
  workplace: Workplace,
  query: RotateQuery,
  base: string,
): Promise<Outcome<RotateResult>> {
  const plan = await planStack(workplace, query, base);
  if ("ok" in plan) return plan;
  const { model, project } = plan.compiled;
  const { stack } = model;
  if (model.live) {
    return refuseLive(stack, "Only the stack `local` is rotated without approval.");
  }
  if (plan.changes > 0) {
    return refuse({
      kind: "refused",
      code: "not-applied",
      message: `the manifest is not what is deployed: ${plan.changes} changes are open, and a rotation applies none`,
      remedy: "Run `npx supercargo up` first, or undo the change.",
    });
  }
  const sandbox = await openSandbox(project.root, { daemon: true });
  return "ok" in sandbox ? sandbox : rotateDeployed(workplace, query, plan, sandbox);
}

async function rotateDeployed(
  workplace: Workplace,
  query: RotateQuery,
  { compiled, run }: StackPlan,
  sandbox: OpenSandbox,
): Promise<Outcome<RotateResult>> {
  const { model } = compiled;
  const lease = query.lease ?? `${model.name}/${model.stack}`;
  const subject = `human:${model.principal.email}`;
  const session = await openBrokerSession(workplace, compiled, sandbox, {
    subject,
    place: run.place,
  });
  if ("ok" in session) return session;
  try {
    const { selectNodes } = await import("../broker/leases/lease-tree.ts");
    const wanted = selectNodes(await session.broker.leases(), lease);
    if (wanted.length === 0) return refuseUnknownLease(lease);
    const dead = wanted.filter(({ kind, state }) => kind !== "session" && state === "revoked");
    if (dead.length > 0 && !(await query.confirm(dead.length))) return refuseUnconfirmed(dead);
    workplace.progress.step("replacing credentials");
    const report = await session.broker.rotate(lease);
    if ("ok" in report) return refuseBroker(report);
    if (report.rotated.length === 0) return describe(report, 0);
    const { loadDriver } = await import("../deploy/load-driver.ts");
    const driver = await loadDriver(run.engine.id);
    workplace.progress.step("handing the new ones to what is deployed");
    const refreshed = await driver.refreshLeases(
      { ...run, env: session.admit(["read"]) },
      report.rotated.map(({ identity }) => identity.resource),
    );
    if (!refreshed.ok) return refuseEngine(refreshed.error, session.remarks());
    const applied = await driver.upStack({ ...run, env: session.admit() });
    if (!applied.ok) return refuseEngine(applied.error, session.remarks());
    const changed = applied.steps.filter(({ operation }) => operation !== "same").length;
    return describe(report, changed);
  } finally {
    await session.close();
  }
}

function describe(
  { rotated, failed, untouched }: RotationReport,
  applied: number,
): Outcome<RotateResult> {
  const [first] = failed;
  if (first === undefined) {
    const nextSteps = ["npx supercargo leases"];
    return succeed({ rotated, untouched, applied }, { nextSteps });
  }
  return refuse(
    {
      kind: "remote",
      code: "not-rotated",
      message: `${failed.length} of ${failed.length + rotated.length} credentials were not replaced: ${first.failure.message}`,
      remedy: first.failure.remedy,
      details: {
        failed: failed.map(({ node, failure }) => ({ path: node.path, code: failure.code })),
        rotated: rotated.map(({ path }) => path),
      },
    },
    { warnings: failed.map(({ node, failure }) => `${node.path}: ${failure.message}`) },
  );
}

function refuseUnconfirmed(dead: readonly LeaseEntry[]): Refusal {
  return refuse(
    {
      kind: "person",
      code: "not-confirmed",
      message: `nothing was rotated: a person must confirm that ${dead.length} revoked leases live again`,
      remedy: "Answer yes on a terminal, or give `--yes`.",
    },
    { warnings: dead.map(({ path }) => `revoked: ${path}`) },
  );
}
