import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { visitApp } from "../../src/operations/visit-app.ts";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { readBooks } from "../support/read-books.ts";
import { runCli } from "../support/run-cli.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "supercargo-e2e-"));
});
afterAll(async () => {
  await runCli(["sandbox", "stop"], { cwd: folder });
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command that must succeed, and answers with its data. */
async function expectDone<T>(...args: string[]): Promise<T> {
  const run = await runCli([...args, "--json"], { cwd: folder });
  const envelope = readEnvelope(run.stdout);
  expect(run.code, `${args.join(" ")}\n${run.stdout}\n${run.stderr}`).toBe(0);
  if (!envelope.ok) throw new Error(envelope.error.message);
  return envelope.data as T;
}

interface Up {
  readonly changes: number;
  readonly applied: Readonly<Record<string, number>>;
  readonly urls: readonly {
    readonly resource: string;
    readonly url: string;
    readonly local: string;
  }[];
  readonly money: { readonly spent: string; readonly held: string; readonly left: string };
}

/** The account's payment token stays what it is; a count of each that a provider could bill for. */
async function countBooks() {
  const { accounts, paymentTokens, domains, charges } = await readBooks(folder);
  return {
    accounts: accounts.length,
    paymentTokens: paymentTokens.length,
    domains: domains.map(({ domain }) => domain),
    charges: charges.length,
  };
}

const ONE_OF_EACH = { accounts: 1, paymentTokens: 1, domains: ["example-shop.com"], charges: 1 };

describe("the storefront, from an empty folder to its end", { timeout: 600_000 }, () => {
  let shop = "";

  test("init writes a project that validates", async () => {
    await expectDone("init");
    const data = await expectDone<{ cost: { oneTime: string[] } }>("validate");
    expect(data.cost.oneTime).toEqual(["10.44 USD"]);
  });

  test("preview says what would happen, and does nothing", async () => {
    const data = await expectDone<{ changes: number; verdict: string; written: string[] }>(
      "preview",
      "--out",
      "review",
    );
    expect(data).toMatchObject({ changes: 13, verdict: "ready" });
    expect(readFileSync(join(folder, "review/review.md"), "utf8")).toContain("example-shop.com");
    expect(JSON.parse(readFileSync(join(folder, "review/review.json"), "utf8"))).toMatchObject({
      project: "storefront",
    });
    expect(existsSync(join(folder, ".supercargo/sandbox"))).toBe(false);
    expect(existsSync(join(folder, ".supercargo/ledger.sqlite"))).toBe(false);
  });

  test("up on a live stack asks for a person and does nothing", async () => {
    const run = await runCli(["up", "--stack", "prod", "--json"], { cwd: folder });
    expect(run.code, run.stderr).toBe(3);
    expect(readEnvelope(run.stdout)).toMatchObject({ error: { code: "approval-needed" } });
    expect(existsSync(join(folder, ".supercargo/ledger.sqlite"))).toBe(false);
  });

  test("up makes all of it and spends exactly the price of the domain", async () => {
    const data = await expectDone<Up>("up");
    expect(data).toMatchObject({
      applied: { create: 13 },
      money: { spent: "10.44 USD", held: "0.00 USD", left: "49.56 USD" },
    });
    expect(data.urls).toMatchObject([{ resource: "shop", url: "https://example-shop.com" }]);
    shop = data.urls[0]?.local ?? "";
    expect(await countBooks()).toEqual(ONE_OF_EACH);
  });

  test("the shop sells: page, picture, order, receipt", async () => {
    const page = await visitApp(shop);
    expect(page.status).toBe(200);
    expect(page.body).toContain("<title>Example Shop</title>");
    const picture = await visitApp(`${shop}media/compass`);
    expect(picture.body).toContain("<svg");
    const { link } = await placeOrder();
    await expect
      .poll(() => readOrder(link), { timeout: 120_000, interval: 500 })
      .toMatchObject({
        order: {
          status: "confirmed",
          cents: 6800,
          receipt: expect.stringMatching(/^R-[0-9A-F]{8}$/),
        },
      });
    const unsigned = await visitApp(`${shop}${link.slice(1).replace(/key=.*/, "key=00")}`);
    expect(unsigned.status).toBe(404);
  });

  test("the shop says no in plain words", async () => {
    const wrong = [
      {},
      { product: "anchor" },
      { product: "compass", quantity: 0.5, email: "a@b.c" },
    ];
    for (const json of wrong) {
      const answer = await visitApp(`${shop}api/orders`, { method: "POST", json });
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.body)).toEqual({ error: { message: expect.any(String) } });
    }
  });

  test("a second up changes nothing and buys nothing", async () => {
    const again = await expectDone<Up>("up");
    expect(again).toMatchObject({ changes: 0, applied: {}, money: { spent: "10.44 USD" } });
    expect(await countBooks()).toEqual(ONE_OF_EACH);
  });

  test("status tells what is there and what outlives the stack", async () => {
    expect(await expectDone("status")).toMatchObject({
      deployed: true,
      resources: 12,
      money: { spent: "10.44 USD", held: "0.00 USD" },
      retained: [{ kind: "domain", resource: "address", renewal: "10.44 USD" }],
      open: [],
      sandbox: { running: true },
    });
  });

  test("destroy asks for a person first", async () => {
    const run = await runCli(["destroy", "--json"], { cwd: folder });
    expect(run.code).toBe(3);
    expect(readEnvelope(run.stdout)).toMatchObject({ error: { code: "not-confirmed" } });
  });

  test("destroy removes the rest and leaves the domain with its account", async () => {
    const data = await expectDone<{ kept: { kind: string }[] }>("destroy", "--yes");
    expect(data.kept.map(({ kind }) => kind).sort()).toEqual(["account", "domain"]);
    const books = await readBooks(folder);
    expect(books.domains.map(({ domain }) => domain)).toEqual(["example-shop.com"]);
    const alive = books.accessTokens.filter(
      ({ kind, status }) => kind === "api-token" && status === "active",
    );
    expect(alive).toEqual([]);
    expect(books.paymentTokens.filter(({ status }) => status === "active")).toEqual([]);
    expect((await visitApp(shop)).status).not.toBe(200);
  });

  test("a new up finds the domain again and does not pay twice", async () => {
    const back = await expectDone<Up>("up");
    expect(back.money).toMatchObject({ spent: "10.44 USD", held: "0.00 USD" });
    expect(await countBooks()).toMatchObject({ accounts: 1, charges: 1 });
    expect((await visitApp(shop)).status).toBe(200);
  });

  async function placeOrder(): Promise<{ readonly link: string }> {
    const json = { product: "compass", quantity: 2, email: "visitor@example.com" };
    const answer = await visitApp(`${shop}api/orders`, { method: "POST", json });
    expect(answer.status, answer.body).toBe(201);
    return JSON.parse(answer.body) as { link: string };
  }

  async function readOrder(link: string): Promise<unknown> {
    return JSON.parse((await visitApp(`${shop}${link.slice(1)}`)).body);
  }
});
