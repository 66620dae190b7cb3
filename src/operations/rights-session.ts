import type { Broker } from "../broker/broker.ts";
import type { BrokerConnection } from "../broker/connection.ts";
import type { Permits } from "../broker/context.ts";
import type { BrokerFailure } from "../broker/errors.ts";
import { readGuardrails } from "../compiler/1-manifest/read-guardrails.ts";
import type { StackQuery } from "./compile-sources.ts";
import { findLedger } from "./find-ledger.ts";
import { findProject } from "./find-project.ts";
import { type OpenSandbox, openSandbox, readConnection } from "./open-sandbox.ts";
import { type Refusal, refuse } from "./outcome.ts";
import { refuseBroker } from "./refuse-broker.ts";
import { seenPath } from "./seen-path.ts";
import type { Workplace } from "./workplace.ts";

/** Nobody can be reached through it; enough for what is between us and the ledger. */
const NO_CONNECTION: BrokerConnection = { orchestrators: {}, providers: {} };

/** A stack's books, found without reading what the manifest says: power must be taken away even while the manifest is broken. */
export interface RightsPlace {
  readonly root: string;
  readonly stack: string;
  readonly live: boolean;
}

export function findRights(workplace: Workplace, query: StackQuery): RightsPlace | Refusal {
  const project = findProject(workplace.cwd, { path: query.path });
  if ("ok" in project) return project;
  const stack = query.stack ?? "local";
  return { root: project.root, stack, live: stack !== "local" };
}

/**
 * Opens the stack's broker for work that only takes power away. It doesn't wait for a running `up`: the newest opener takes the ledger over, and
 * whatever the other wanted to spend next is refused. Where the providers can't be reached, the rest still works. It does not ask how far this machine
 * has seen the ledger (`seenPath`): from an older copy of the whole folder power can still be taken away, while no run begins on it. Work that settles
 * acts, or hands an account over, is not of that kind: it brings its permission matrix (`permits`) and is refused on an older copy.
 */
export async function withRightsBroker<T>(
  workplace: Workplace,
  { root, live }: RightsPlace,
  {
    connect,
    permits,
    subject = "human",
  }: {
    readonly connect: boolean;
    readonly permits?: Permits | undefined;
    /** As the log will say; default `human`. */
    readonly subject?: string | undefined;
  },
  work: (broker: Broker) => Promise<T | BrokerFailure>,
): Promise<T | Refusal> {
  const ledger = findLedger(workplace, root, { live });
  if ("ok" in ledger) return ledger;
  const sandbox = connect && !live ? await openSandbox(root, { daemon: false }) : undefined;
  const reached = sandbox === undefined || "ok" in sandbox ? undefined : sandbox;
  try {
    const { createBroker } = await import("../broker/broker.ts");
    const opened = await createBroker({
      home: ledger.home,
      postgres: ledger.postgres,
      connection: await connectTo(reached, workplace),
      seenPath: permits === undefined ? undefined : seenPath(workplace, ledger.home),
      keepsIdentity: permits !== undefined && live,
      limits: strictLimits(),
      permits: permits ?? (() => false),
      // It spends nothing; what waits to be told is told by the next run, through the sinks of the guardrails.
      sinks: [],
      actor: { subject },
    });
    if (!opened.ok) return refuseBroker(opened);
    const { broker } = opened;
    try {
      const done = await work(broker);
      return isFailure(done) ? refuseBroker(done) : done;
    } finally {
      await broker.close();
    }
  } finally {
    await reached?.close();
  }
}

async function connectTo(
  sandbox: OpenSandbox | undefined,
  workplace: Workplace,
): Promise<BrokerConnection> {
  return sandbox === undefined ? NO_CONNECTION : readConnection(sandbox, workplace);
}

/** The built-in limits, for work that spends nothing. */
export function strictLimits() {
  const guardrails = readGuardrails(undefined, { report: () => undefined });
  if (guardrails === undefined) throw new Error("the built-in guardrails are not valid");
  return guardrails.limits;
}

function isFailure(value: unknown): value is BrokerFailure {
  return typeof value === "object" && value !== null && "ok" in value && value.ok === false;
}

/** For a question that names no lease. */
export function refuseUnknownLease(query: string): Refusal {
  return refuse({
    kind: "usage",
    code: "no-such-lease",
    message: `no lease has the id or path ${JSON.stringify(query)}`,
    remedy: "Run `npx supercargo leases` to see them.",
  });
}
