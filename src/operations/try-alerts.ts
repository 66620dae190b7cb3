import { join } from "node:path";
import { identifyAlert, type TestAlert } from "../alerts/alert.ts";
import { createSinks } from "../alerts/create-sinks.ts";
import type { AlertSink, SinkAnswer } from "../alerts/sinks/sink.ts";
import { systemClock } from "../broker/clock.ts";
import type { StackQuery } from "./compile-sources.ts";
import { findProject } from "./find-project.ts";
import { type Outcome, refuse, succeed } from "./outcome.ts";
import { readProjectGuardrails } from "./read-project-guardrails.ts";
import { ledgerHome } from "./sandbox-home.ts";
import type { Workplace } from "./workplace.ts";

export interface AlertsQuery extends StackQuery {
  /** Send a test alert through every sink. Default false: only say what is configured. */
  readonly test?: boolean | undefined;
}

/** One sink, and what it said to a test. */
export interface SinkReport {
  readonly name: string;
  /** Its acceptance is enough for an alert that blocks. */
  readonly counts: boolean;
  /** Null where nothing was sent. */
  readonly answer: SinkAnswer | null;
}

export interface AlertsResult {
  /** Per cent of a cap. */
  readonly thresholds: readonly number[];
  readonly blockFrom: number;
  readonly sinks: readonly SinkReport[];
}

/**
 * Says where alerts go and, with `test`, sends a test alert through every sink once. A failure when no sink whose word counts has accepted it: from
 * the blocking share of a cap on, nothing could be bought then.
 */
export async function tryAlerts(
  workplace: Workplace,
  query: AlertsQuery,
): Promise<Outcome<AlertsResult>> {
  const project = findProject(workplace.cwd, query);
  if ("ok" in project) return project;
  const read = readProjectGuardrails(project);
  if ("ok" in read) return read;
  const { guardrails, diagnostics } = read;
  const live = (query.stack ?? "local") !== "local";
  const sinks = createSinks(guardrails.alerts, {
    logFile: join(ledgerHome(project.root, { live }), "alerts.jsonl"),
    env: workplace.env,
    clock: systemClock,
  });
  const reports = query.test === true ? await askAll(workplace, sinks) : sinks.map(reportUnasked);
  const { blockFrom } = guardrails.alerts;
  const data = { thresholds: guardrails.limits.alerts, blockFrom, sinks: reports };
  const silent = reports.filter(({ answer }) => answer !== null && answer.kind !== "accepted");
  const isTold = reports.some(({ counts, answer }) => counts && answer?.kind === "accepted");
  const notes = { diagnostics, warnings: silent.map(describeSilence) };
  if (query.test !== true)
    return succeed(data, { diagnostics, nextSteps: ["npx supercargo alerts --test"] });
  if (isTold) return succeed(data, notes);
  return refuse(
    {
      kind: "remote",
      code: "alert-not-accepted",
      message: `no sink that counts has accepted the test, so from ${blockFrom} % of a cap on nothing can be bought`,
      remedy: "Set the environment variables that the guardrails name, and check the addresses.",
    },
    notes,
  );
}

function reportUnasked({ name, counts }: AlertSink): SinkReport {
  return { name, counts, answer: null };
}

function askAll(
  { progress }: Workplace,
  sinks: readonly AlertSink[],
): Promise<readonly SinkReport[]> {
  progress.step("sending a test alert through every sink");
  const at = new Date(systemClock.now()).toISOString();
  const alert: TestAlert = {
    kind: "test",
    id: identifyAlert("test", [at]),
    severity: "info",
    blocks: false,
    at,
    subject: {},
  };
  return Promise.all(
    sinks.map(async (sink) => ({ ...reportUnasked(sink), answer: await sink.deliver(alert) })),
  );
}

function describeSilence({ name, answer }: SinkReport): string {
  return answer === null || answer.kind === "accepted"
    ? ""
    : `${name} has not accepted the test: ${answer.code}`;
}
