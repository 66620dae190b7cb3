import { join } from "node:path";
import { expect } from "vitest";
import type { LeaseKind } from "../../src/broker/protocol.ts";
import { readCheckpoint } from "../../src/deploy/read-checkpoint.ts";
import { readBooks } from "../support/read-books.ts";
import { runCli } from "../support/run-cli.ts";
import type { CrashGroup } from "./kill-points.ts";

interface Status {
  readonly leases: readonly { readonly resource: string; readonly kind: LeaseKind }[];
  readonly money: { readonly spent: string; readonly held: string };
  readonly open: readonly unknown[];
}

/** What is there after an `up` that got through, in so many words: a number that the code under test told would say nothing. */
const THERE: Readonly<Record<CrashProject, There>> = {
  purchases: {
    leases: ["account", "domain", "payment-token"],
    domains: ["example-shop.com"],
    apiTokens: 0,
    deployables: 0,
    inventory: ["zone"],
    charges: ["10.44 USD"],
    spent: "10.44 USD",
  },
  rights: {
    leases: ["access-token", "account", "payment-token", "secret", "service-instance"],
    domains: [],
    apiTokens: 1,
    deployables: 1,
    inventory: ["workers_kv_namespace"],
    charges: [],
    spent: "0.00 USD",
  },
  storefront: {
    leases: ["access-token", "account", "domain", "payment-token", "secret"],
    domains: ["example-shop.com"],
    apiTokens: 1,
    deployables: 0,
    inventory: [
      "d1_database",
      "queue",
      "queue_consumer",
      "r2_bucket",
      "workers_custom_domain",
      "workers_script",
      "zone",
    ],
    charges: ["10.44 USD"],
    spent: "10.44 USD",
  },
};

/** The projects that crash tests let live. */
export type CrashProject = CrashGroup | "storefront";

interface There {
  /** Kinds of the ledger's leases, sorted. */
  readonly leases: readonly LeaseKind[];
  readonly domains: readonly string[];
  /** Access tokens that can be used at the provider. */
  readonly apiTokens: number;
  /** Services made by the provisioning protocol. */
  readonly deployables: number;
  /** Kinds of what else the provider has, sorted. */
  readonly inventory: readonly string[];
  readonly charges: readonly string[];
  readonly spent: string;
}

/**
 * The vendors' own books, the ledger and the engine's state agree after an `up` that got through: one account, one payment token and what else the manifest
 * asks for, each once; what was to be paid was paid once, and a preview has nothing left to do.
 */
export async function expectOneOfEach(name: CrashProject, folder: string): Promise<void> {
  const there = THERE[name];
  const books = await readBooks(folder);
  expect(books.accounts).toHaveLength(1);
  expect(books.paymentTokens).toHaveLength(1);
  expect(books.domains.map(({ domain }) => domain)).toEqual(there.domains);
  expect(books.charges.map(({ amount }) => amount)).toEqual(there.charges);
  const usable = books.accessTokens.filter(
    ({ kind, status }) => kind === "api-token" && status === "active",
  );
  expect(usable, "access tokens that can be used").toHaveLength(there.apiTokens);
  const instances = (kind: string) => books.serviceInstances.filter((one) => one.kind === kind);
  expect(instances("deployable")).toHaveLength(there.deployables);
  expect(instances("plan").length, "plans of the account").toBeLessThanOrEqual(1);
  expect(books.inventory.map(({ kind }) => kind).toSorted()).toEqual(there.inventory);

  const run = await runCli(["status", "--json"], { cwd: folder });
  const { data } = JSON.parse(run.stdout) as { readonly data: Status };
  expect(data.leases.map(({ kind }) => kind).toSorted()).toEqual(there.leases);
  expect(data).toMatchObject({ money: { spent: there.spent, held: "0.00 USD" }, open: [] });

  const own = readOwnResources(folder, name);
  const inState = own.map(({ resource }) => resource).toSorted();
  expect(data.leases.map(({ resource }) => resource).toSorted(), "ledger and state").toEqual(
    inState,
  );
  expect(new Set(inState).size, "each once in the state").toBe(inState.length);
  const outputs = (type: string, output: string) =>
    own.filter((one) => one.type === type).map((one) => one.outputs[output]);
  expect(outputs("Account", "accountId")).toEqual(books.accounts.map(({ accountId }) => accountId));
  expect(outputs("Domain", "domain")).toEqual(there.domains);

  const preview = await runCli(["preview", "--json"], { cwd: folder });
  expect(JSON.parse(preview.stdout)).toMatchObject({ ok: true, data: { review: { changes: [] } } });
}

/** The dynamic resources in the state. */
function readOwnResources(root: string, project: string) {
  const place = { root, folder: join(root, "stacks", project), project, stack: "local" };
  const checkpoint = readCheckpoint(place);
  if (typeof checkpoint === "string") throw new Error(`the state is ${checkpoint}`);
  expect(checkpoint.pending, "begun and not ended").toEqual([]);
  return checkpoint.resources
    .filter(({ inputs }) => "__provider" in inputs)
    .map(({ urn, type, outputs }) => ({
      resource: urn.slice(urn.lastIndexOf("::") + 2),
      type: type.slice(type.lastIndexOf(":") + 1),
      outputs,
    }));
}
