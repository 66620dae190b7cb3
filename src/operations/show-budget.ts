import type { BudgetReport } from "../broker/report-budget.ts";
import { compileSources, type StackQuery } from "./compile-sources.ts";
import { findLedger } from "./find-ledger.ts";
import { findProject } from "./find-project.ts";
import { type Outcome, succeed } from "./outcome.ts";
import { presentTime } from "./present-time.ts";
import { readLedger } from "./read-ledger.ts";
import { readProjectGuardrails } from "./read-project-guardrails.ts";
import { suggestCommand } from "./suggest-command.ts";
import type { Workplace } from "./workplace.ts";

export interface BudgetResult extends BudgetReport {
  readonly stack: string;
  /** From this per cent of a cap on nothing is bought before somebody was told. */
  readonly blockFrom: number;
}

/**
 * Where every cap stands. Needs the guardrails and the ledger, neither sandbox nor orchestrator, and disturbs no run. A manifest narrows the caps as it does in
 * a run; one with errors leaves them as the guardrails have them.
 */
export async function showBudget(
  workplace: Workplace,
  query: StackQuery,
): Promise<Outcome<BudgetResult>> {
  const project = findProject(workplace.cwd, query);
  if ("ok" in project) return project;
  const read = readProjectGuardrails(project);
  if ("ok" in read) return read;
  const { guardrails, diagnostics } = read;
  const stack = query.stack ?? "local";
  const found = findLedger(workplace, project.root, { live: stack !== "local" });
  if ("ok" in found) return found;
  const { reportBudget } = await import("../broker/report-budget.ts");
  const compiled = await compileSources(workplace, query, { emit: false, ignorePolicy: true });
  const { limits } = "ok" in compiled ? guardrails : compiled.model;
  const report = await readLedger(found, limits, (ledger) => reportBudget(ledger, limits));
  if (report !== undefined && "ok" in report) return report;
  const { blockFrom } = guardrails.alerts;
  if (report === undefined) {
    const month = presentTime(workplace).toISOString().slice(0, 7);
    const empty = { month, lines: [], counts: [], alerts: [], frozen: [] };
    return succeed(
      { stack, blockFrom, ...empty },
      { diagnostics, nextSteps: [suggestCommand("up", query)] },
    );
  }
  return succeed({ stack, blockFrom, ...report }, { diagnostics, ...advise(report, query) });
}

function advise(
  { lines, alerts, frozen }: BudgetReport,
  query: StackQuery,
): { readonly warnings: readonly string[]; readonly nextSteps: readonly string[] } {
  const isWaiting = alerts.some(({ told }) => told === undefined);
  const isBlocked = alerts.some(({ told, blocks }) => blocks && told === undefined);
  const doubtful = lines.filter(
    ({ cap, unknown }) => cap.startsWith("provider/") && isMoney(unknown),
  );
  const warnings = [
    ...frozen.map(({ scope, since }) => `spending is frozen for ${scope} since ${since}`),
    ...(isBlocked
      ? ["nothing more is bought under a cap whose alert was accepted by no sink"]
      : []),
    ...doubtful.map(
      ({ cap, unknown }) =>
        `${unknown} are held under ${cap}, because it is not known whether the provider acted`,
    ),
    ...lines
      .filter(({ isTight }) => isTight)
      .map(
        ({ cap, forecast, limit }) => `at this pace ${cap} ends at ${forecast}, above its ${limit}`,
      ),
  ];
  const nextSteps = [
    ...(frozen.length > 0 ? [suggestCommand("unfreeze", query)] : []),
    ...(isWaiting ? [suggestCommand("alerts --test", query)] : []),
    ...(doubtful.length > 0 ? [suggestCommand("up", query), suggestCommand("settle", query)] : []),
  ];
  return {
    warnings,
    nextSteps: nextSteps.length > 0 ? nextSteps : [suggestCommand("leases", query)],
  };
}

function isMoney(text: string): boolean {
  return /[1-9]/.test(text);
}
