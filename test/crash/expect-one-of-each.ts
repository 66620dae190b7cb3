import { join } from "node:path";
import { expect } from "vitest";
import { readCheckpoint } from "../../src/deploy/read-checkpoint.ts";
import { readBooks } from "../support/read-books.ts";
import { runCli } from "../support/run-cli.ts";

interface Status {
  readonly project: string;
  readonly leases: readonly { readonly resource: string; readonly kind: string }[];
  readonly money: { readonly spent: string; readonly held: string };
  readonly open: readonly unknown[];
}

/**
 * The vendors' own books, the ledger and the engine's state agree after an `up` that got through: they hold the same things, each once, and what was to be
 * paid was paid once.
 */
export async function expectOneOfEach(project: string): Promise<void> {
  const books = await readBooks(project);
  const run = await runCli(["status", "--json"], { cwd: project });
  const { data } = JSON.parse(run.stdout) as { readonly data: Status };
  const own = readOwnResources(project, data.project);

  const inState = own.map(({ resource }) => resource).toSorted();
  expect(data.leases.map(({ resource }) => resource).toSorted(), "ledger and state").toEqual(
    inState,
  );
  expect(new Set(inState).size, "each once in the state").toBe(inState.length);
  const count = (kind: string) => data.leases.filter((lease) => lease.kind === kind).length;
  const outputs = (type: string, name: string) =>
    own.filter((one) => one.type === type).map((one) => one.outputs[name]);
  expect(count("account")).toBe(1);
  expect(outputs("Account", "accountId")).toEqual(books.accounts.map(({ accountId }) => accountId));
  expect(outputs("Domain", "domain")).toEqual(books.domains.map(({ domain }) => domain));
  expect(books.paymentTokens).toHaveLength(count("payment-token"));
  const instances = (kind: string) => books.serviceInstances.filter((one) => one.kind === kind);
  expect(instances("deployable")).toHaveLength(count("service-instance"));
  expect(instances("plan").length, "plans of the account").toBeLessThanOrEqual(1);
  const usable = books.accessTokens.filter(
    ({ kind, status }) => kind === "api-token" && status === "active",
  );
  expect(usable, "access tokens that can be used").toHaveLength(count("access-token"));

  expect(books.charges).toHaveLength(count("domain"));
  const spent = count("domain") === 1 ? "10.44 USD" : "0.00 USD";
  expect(data).toMatchObject({ money: { spent, held: "0.00 USD" }, open: [] });
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
