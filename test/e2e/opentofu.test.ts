import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ENGINES } from "../../src/compiler/vocabulary.ts";
import { findOpentofu } from "../../src/deploy/opentofu/find-opentofu.ts";
import { thisMachine } from "../../src/deploy/this-machine.ts";
import { compareEngines } from "../../src/operations/compare-engines.ts";
import { SILENT_PROGRESS } from "../../src/operations/progress.ts";
import { visitApp } from "../../src/operations/visit-app.ts";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { killProcess } from "../support/kill-process.ts";
import { listDescendants } from "../support/list-processes.ts";
import { readBooks } from "../support/read-books.ts";
import { PROJECT_ROOT, runCli, startCli } from "../support/run-cli.ts";

const engine = await findOpentofu(thisMachine());
if (engine === undefined) console.warn("skipped: no OpenTofu on this machine");

interface Up {
  readonly changes: number;
  readonly applied: Readonly<Record<string, number>>;
  readonly urls: readonly {
    readonly resource: string;
    readonly url: string;
    readonly local: string;
  }[];
  readonly money: { readonly spent: string; readonly held: string };
}

describe.skipIf(engine === undefined)("the storefront with OpenTofu", { timeout: 600_000 }, () => {
  let folder: string;
  let shop = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "supercargo-opentofu-"));
  });
  afterAll(async () => {
    await runCli(["sandbox", "stop"], { cwd: folder });
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (...args: string[]) => runCli([...args, "--json"], { cwd: folder });
  const expectDone = async <T>(...args: string[]): Promise<T> => {
    const done = await run(...args);
    expect(done.code, `${args.join(" ")}\n${done.stdout}\n${done.stderr}`).toBe(0);
    const envelope = readEnvelope(done.stdout);
    if (!envelope.ok) throw new Error(envelope.error.message);
    return envelope.data as T;
  };
  const countBooks = async () => {
    const { accounts, paymentTokens, domains, charges } = await readBooks(folder);
    return {
      accounts: accounts.length,
      paymentTokens: paymentTokens.filter(({ status }) => status === "active").length,
      domains: domains.map(({ domain }) => domain),
      charges: charges.length,
    };
  };
  const ONE_OF_EACH = {
    accounts: 1,
    paymentTokens: 1,
    domains: ["example-shop.com"],
    charges: 1,
  };

  test("the engines agree on resources, permissions, cost and approvals", async () => {
    const { signal } = new AbortController();
    const workplace = { cwd: folder, env: process.env, progress: SILENT_PROGRESS, signal };
    const path = join(PROJECT_ROOT, "templates/storefront");
    const outcome = await compareEngines(workplace, { path });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
    const [pulumi, opentofu, crossplane] = outcome.data.engines;
    expect([pulumi, opentofu, crossplane].map((view) => view?.engine)).toEqual([...ENGINES]);
    for (const aspect of ["resources", "permissions", "payment", "approvals", "cost"] as const) {
      expect(opentofu?.[aspect]).toEqual(pulumi?.[aspect]);
      expect(crossplane?.[aspect]).toEqual(pulumi?.[aspect]);
    }
    expect(crossplane?.resources).toHaveLength(12);
    expect(crossplane?.payment).toEqual(["cloudflare: 60.00 USD by stripe"]);
    expect(crossplane?.approvals).toContain("address registers example-shop.com for 1 year");
    expect(outcome.data.differences).toEqual([]);
  });

  test("preview plans all of it, and does nothing", async () => {
    await expectDone("init");
    const data = await expectDone<{ changes: number; verdict: string }>(
      ...["preview", "--engine", "opentofu"],
    );
    expect(data).toMatchObject({ changes: 12, verdict: "ready" });
    expect(readdirSync(join(folder, ".supercargo"))).not.toContain("sandbox");
  });

  test("what was killed in the middle of apply is finished by the next one, and nothing is made twice", async () => {
    const { child, done } = startCli(["up", "--engine", "opentofu", "--json"], { cwd: folder });
    await waitForDomain();
    // The command and all below it, as a power cut would end them; the sandbox is another world.
    for (const { pid, command } of listDescendants(child.pid ?? 0)) {
      if (!command.includes("serve-sandbox")) killProcess(pid);
    }
    await done;
    const data = await expectDone<Up>("up", "--engine", "opentofu");
    expect(data.money).toMatchObject({ spent: "10.44 USD", held: "0.00 USD" });
    expect(await countBooks()).toEqual(ONE_OF_EACH);
    expect(data.urls).toMatchObject([{ resource: "shop", url: "https://example-shop.com" }]);
    shop = data.urls[0]?.local ?? "";
  });

  test("the shop answers and takes an order", async () => {
    const page = await visitApp(shop);
    expect(page.body).toContain("<title>Example Shop</title>");
    const json = { product: "compass", quantity: 2, email: "visitor@example.com" };
    const order = await visitApp(`${shop}api/orders`, { method: "POST", json });
    expect(order.status, order.body).toBe(201);
  });

  test("a second plan is empty, and a second up changes nothing", async () => {
    const preview = await expectDone<{ changes: number }>("preview", "--engine", "opentofu");
    expect(preview.changes).toBe(0);
    const again = await expectDone<Up>("up", "--engine", "opentofu");
    expect(again).toMatchObject({ changes: 0, applied: {}, money: { spent: "10.44 USD" } });
    expect(await countBooks()).toEqual(ONE_OF_EACH);
  });

  test("status reads the encrypted state, in which nothing stands in clear", async () => {
    const status = await expectDone("status");
    expect(status).toMatchObject({ deployed: true, resources: 12 });
    const text = readFileSync(stateFile(), "utf8");
    expect(JSON.parse(text)).toMatchObject({ encryption_version: "v0" });
    for (const word of ["example-shop.com", "founder@example.com", "access_token"])
      expect(text).not.toContain(word);
  });

  test("Pulumi does not touch what OpenTofu made", async () => {
    const refused = await run("preview", "--engine", "pulumi");
    expect(refused.code).toBe(1);
    expect(readEnvelope(refused.stdout)).toMatchObject({ error: { code: "other-engine" } });
  });

  test("promise 16: state cannot be turned into code: an edited state is refused", async () => {
    const good = readFileSync(stateFile());
    const { writeFileSync } = await import("node:fs");
    writeFileSync(stateFile(), `${good.toString()} `);
    const refused = await run("up", "--engine", "opentofu");
    expect(readEnvelope(refused.stdout)).toMatchObject({ error: { code: "state-changed" } });
    writeFileSync(stateFile(), good);
  });

  test("rotate hands new credentials to what is deployed, which runs on", async () => {
    const rotated = await expectDone<{ rotated: readonly unknown[] }>(
      ...["rotate", "--engine", "opentofu"],
    );
    expect(rotated.rotated.length).toBeGreaterThan(0);
    expect((await visitApp(shop)).status).toBe(200);
  });

  test("destroy removes the rest and leaves the domain with its account", async () => {
    const data = await expectDone<{ kept: { kind: string }[] }>(
      ...["destroy", "--yes", "--engine", "opentofu"],
    );
    expect(data.kept.map(({ kind }) => kind).sort()).toEqual(["account", "domain"]);
    const books = await readBooks(folder);
    expect(books.domains.map(({ domain }) => domain)).toEqual(["example-shop.com"]);
    expect(books.paymentTokens.filter(({ status }) => status === "active")).toEqual([]);
    expect((await visitApp(shop)).status).not.toBe(200);
  });

  test("then Pulumi may make it, finds the domain again and does not pay twice", async () => {
    const back = await expectDone<Up>("up");
    expect(back.money).toMatchObject({ spent: "10.44 USD", held: "0.00 USD" });
    expect(await countBooks()).toEqual(ONE_OF_EACH);
    expect((await visitApp(shop)).status).toBe(200);
  });

  function stateFile(): string {
    return join(folder, ".supercargo/opentofu/storefront/local.tfstate");
  }

  /** Until the registrar has sold the name: then the run is in its middle. */
  async function waitForDomain(): Promise<void> {
    for (let tries = 0; tries < 4000; tries++) {
      const books = await readBooks(folder).catch(() => undefined);
      if ((books?.domains.length ?? 0) > 0) return;
      await sleep(100);
    }
    throw new Error("nothing was bought");
  }
});
