import { randomUUID } from "node:crypto";
import type { Broker } from "../broker/broker.ts";
import type { Caller } from "../broker/session.ts";
import { loadCatalog } from "../catalog/load-catalog.ts";
import { digestState } from "../deploy/judge-state.ts";
import { loadDriver } from "../deploy/load-driver.ts";
import type { EngineRun } from "../deploy/run-engine.ts";
import type { StackPlace } from "../deploy/stack-place.ts";
import type { Actor } from "../log/event.ts";
import { sha256 } from "../util/sha256.ts";
import type { CompiledProject } from "./compile-sources.ts";
import { createPermits } from "./create-permits.ts";
import { createQuote } from "./create-quote.ts";
import { type BrokerRemark, refuseEngine } from "./engine-refusal.ts";
import { findLedger } from "./find-ledger.ts";
import { createManifestMatcher, createNeededBy } from "./match-manifest.ts";
import { type OpenSandbox, readConnection } from "./open-sandbox.ts";
import { openSinks } from "./open-sinks.ts";
import { openWitness } from "./open-witness.ts";
import type { Refusal } from "./outcome.ts";
import { refuseBroker } from "./refuse-broker.ts";
import { seenPath } from "./seen-path.ts";
import type { Workplace } from "./workplace.ts";

/** A broker that serves one run of the engine. */
export interface BrokerSession {
  readonly broker: Broker;
  /** What one start of the engine needs to reach it, for some verbs, default all; good for one process. */
  admit(verbs?: Caller["verbs"]): Readonly<Record<string, string>>;
  /** Requests that failed so far, for explaining the engine's failures. */
  remarks(): readonly BrokerRemark[];
  close(): Promise<void>;
}

/** A third of the shortest token's life: a run that lasts longer than its tokens never stops for that. */
const HEARTBEAT_MS = 300_000;

/**
 * Opens the project's broker against a sandbox, for acts of one subject, and begins a run that may change the stack's state; closing notes what it
 * became.
 */
export async function openBrokerSession(
  workplace: Workplace,
  compiled: CompiledProject,
  sandbox: OpenSandbox,
  { subject, place }: { readonly subject: string; readonly place: StackPlace },
): Promise<BrokerSession | Refusal> {
  const [{ createBroker }, { startBrokerServer }] = await Promise.all([
    import("../broker/broker.ts"),
    import("../broker/server.ts"),
  ]);
  const { model, lowered, project } = compiled;
  const ledger = findLedger(workplace, project.root, model);
  if ("ok" in ledger) return ledger;
  const witness = await openWitness(workplace, model.guardrails);
  const { home } = ledger;
  const connection = await readConnection(sandbox, workplace, model.principal.email);
  const opened = await createBroker({
    home,
    postgres: ledger.postgres,
    seenPath: seenPath(workplace, home),
    // A sandbox may be thrown away and begun anew; the books of real money may not.
    keepsIdentity: model.live,
    agent: subject,
    connection,
    limits: model.limits,
    alertRules: model.guardrails.alerts,
    sinks: openSinks(model.guardrails.alerts, { home, live: model.live }, workplace),
    permits: createPermits(model, subject),
    neededBy: createNeededBy(lowered),
    isPlanned: createManifestMatcher(lowered),
    quoteService: createQuote(
      loadCatalog(),
      lowered.flatMap(({ prices }) => prices.map(({ service }) => service)),
    ),
    observer: await openObserver(workplace),
    witness: witness.witness,
    actor: describeActor(compiled, subject),
  });
  if (!opened.ok) {
    await witness.close();
    return refuseBroker(opened);
  }
  const { broker } = opened;
  const failed =
    (await broker.beginRun(randomUUID())) ?? (await broker.noteState(place.project, place.stack));
  if (failed !== undefined) {
    await broker.close();
    await witness.close();
    return refuseBroker(failed);
  }
  const server = await startBrokerServer(broker);
  const heartbeat = setInterval(() => {
    void broker.renewCredentials(model.name, model.stack, { isBegin: false });
  }, HEARTBEAT_MS);
  return {
    broker,
    admit: (verbs) => ({
      ...connection.engine,
      ...server.admit({ project: model.name, stack: model.stack, verbs }),
    }),
    remarks: () =>
      broker.failures().map(({ identity, failure: { code, message, remedy, link } }) => ({
        resource: identity.resource,
        code,
        message,
        remedy,
        link,
      })),
    async close() {
      clearInterval(heartbeat);
      if (server.refusedTickets() > 0)
        workplace.progress.step(
          "warning: somebody tried a ticket to this run that was no good any more",
        );
      await server.close();
      await broker.noteState(place.project, place.stack, digestState(place));
      await broker.close();
      await witness.close();
    },
  };
}

/** What every entry of the log says about who acts. */
function describeActor({ model, project }: CompiledProject, subject: string): Omit<Actor, "run"> {
  const { principal, agent, guardrails } = model;
  return {
    subject,
    agent: agent.id,
    principal: principal.email,
    manifest: sha256(project.manifest.bytes),
    // Without a file it is the version of the built-in defaults that applied.
    policy: sha256(project.guardrails?.bytes ?? JSON.stringify(guardrails, printMoney)),
  };
}

function printMoney(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

/** Lets the stack's tokens live on before the engine uses those in its state; a token that had to be minted anew is read into the state. */
export async function renewTokens(
  { broker, remarks, admit }: BrokerSession,
  run: EngineRun,
): Promise<Refusal | undefined> {
  const report = await broker.renewCredentials(run.place.project, run.place.stack);
  if ("ok" in report) return refuseBroker(report);
  const [failed] = report.failed;
  if (failed !== undefined) return refuseBroker(failed.failure);
  if (report.reminted.length === 0) return undefined;
  const driver = await loadDriver(run.engine.id);
  const refreshed = await driver.refreshLeases({ ...run, env: admit(["read"]) }, report.reminted);
  return refreshed.ok ? undefined : refuseEngine(refreshed.error, remarks());
}

/** Fault tests follow the broker's steps through a listener on this machine. */
async function openObserver({ env }: Workplace) {
  const hook = env.SUPERCARGO_STEP_HOOK ?? "";
  if (hook === "") return undefined;
  const { httpStepObserver } = await import("../broker/http-step-observer.ts");
  return httpStepObserver(hook);
}
