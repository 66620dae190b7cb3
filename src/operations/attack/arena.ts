import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Broker, createBroker } from "../../broker/broker.ts";
import type { BrokerConnection } from "../../broker/connection.ts";
import type { BrokerAnswer, BrokerRequest, LeaseInputs, LeaseKind } from "../../broker/protocol.ts";
import { loadCatalog } from "../../catalog/load-catalog.ts";
import { readLog } from "../../log/read-log.ts";
import type { Books } from "../../sandbox/books.ts";
import { askSandbox } from "../ask-sandbox.ts";
import { type CompiledProject, compileSources } from "../compile-sources.ts";
import { createPermits } from "../create-permits.ts";
import { createQuote } from "../create-quote.ts";
import { type OpenSandbox, openSandbox, readConnection } from "../open-sandbox.ts";
import { projectHome } from "../sandbox-home.ts";
import type { Workplace } from "../workplace.ts";

/** The name of the arena's project, and of its stack. */
export const ARENA = { project: "arena", stack: "local" } as const;

/** What the owner allows: three domains, 40 USD for them, 60 USD in all. */
export const GUARDRAILS = `apiVersion: supercargo/v1
caps:
  perProvider: 60.00 USD
  total: 60.00 USD
  perRun: 60.00 USD
  perTransaction: 15.00 USD
  categories:
    domains: 40.00 USD
counts:
  domains: 3
allowed:
  tlds: [com]
`;

export const MANIFEST = `apiVersion: supercargo/v1
name: arena
principal: { email: owner@example.com }
agent: { id: mallory }
orchestrator: [stripe]
payment: [stripe]
provider: cloudflare
budget: { monthly: 60 USD }
resources:
  address:
    kind: domain
    domain: honest-shop.com
    maxPrice: 12.00 USD
  visits: { kind: kv }
`;

/** A project with a broker and a sandbox of its own, in which an agent may try whatever it likes. */
export interface Arena {
  readonly root: string;
  readonly workplace: Workplace;
  readonly compiled: CompiledProject;
  readonly sandbox: OpenSandbox;
  readonly connection: BrokerConnection;
  /** The account's id at the provider and our payment token, once they are there. */
  readonly account: string;
  readonly payment: string;
  readonly broker: Broker;
  /** Opens another broker on the same home; the one before is out of the game then. */
  reopen(connection?: BrokerConnection): Promise<Broker>;
  ask<K extends LeaseKind>(
    kind: K,
    resource: string,
    inputs: LeaseInputs[K],
  ): Promise<BrokerAnswer>;
  books(): Promise<Books>;
  /** Number of log entries so far. */
  logLength(): number;
  close(): Promise<void>;
}

/** Builds an arena in a folder that its closing removes. Throws when the machine can't: a demonstration has no plan B. */
export async function openArena(workplace: Workplace): Promise<Arena> {
  const root = mkdtempSync(join(tmpdir(), "supercargo-arena-"));
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, "supercargo.yaml"), MANIFEST);
  writeFileSync(join(root, "guardrails.yaml"), GUARDRAILS);
  const here: Workplace = { ...workplace, cwd: root };
  const compiled = await compileSources(here, {}, { emit: false });
  if ("ok" in compiled) throw new Error("the arena's manifest does not compile");
  const sandbox = await openSandbox(root, { daemon: false });
  if ("ok" in sandbox) throw new Error(sandbox.failure.message);
  const connection = await readConnection(sandbox, here);
  let broker = await openBroker(root, compiled, connection);
  const ask: Arena["ask"] = (kind, resource, inputs) =>
    broker.handle({ verb: "create", kind, identity: identify(resource), inputs } as BrokerRequest);
  const account = expectOutputs(
    await ask("account", "cloudflare.account", {
      provider: "cloudflare",
      orchestrators: ["stripe"],
      principal: "owner@example.com",
      agent: "mallory",
    }),
  ).accountId as string;
  const payment = expectOutputs(
    await ask("payment-token", "cloudflare.payment-token", {
      provider: "cloudflare",
      account,
      issuers: ["stripe"],
      cap: "60.00 USD",
    }),
  ).paymentTokenId as string;
  return {
    ...{ root, workplace: here, compiled, sandbox, connection, account, payment, ask },
    get broker() {
      return broker;
    },
    async reopen(other = connection) {
      await broker.close();
      broker = await openBroker(root, compiled, other);
      return broker;
    },
    books: async () => (await askSandbox(sandbox, "books")) as Books,
    logLength: () => readLog(projectHome(root)).length,
    async close() {
      await broker.close();
      await sandbox.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export function identify(resource: string) {
  return { ...ARENA, resource };
}

/** Opens a broker that acts for the arena's agent. */
export async function openBroker(
  root: string,
  { model, lowered }: CompiledProject,
  connection: BrokerConnection,
): Promise<Broker> {
  const plans = lowered.flatMap(({ prices }) => prices.map(({ service }) => service));
  const opened = await createBroker({
    home: projectHome(root),
    connection,
    limits: model.limits,
    permits: createPermits(model, `agent:${model.agent.id}`),
    quoteService: createQuote(loadCatalog(), plans),
  });
  if (!opened.ok) throw new Error(opened.message);
  return opened.broker;
}

function expectOutputs(answer: BrokerAnswer): Readonly<Record<string, unknown>> {
  if (answer.ok && "outputs" in answer) return { ...answer.outputs };
  throw new Error(answer.ok ? "gone" : answer.message);
}
