import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestSandbox, type TestSandbox } from "./test-sandbox.ts";

let sandbox: TestSandbox;
let account: { accountId: string; bearer: string };
let base: string;

beforeAll(async () => {
  sandbox = await startTestSandbox();
  account = sandbox.addAccount({ payment: true });
  base = `/accounts/${account.accountId}/registrar`;
});
afterAll(() => sandbox.close());

const register = (domain: string, headers: Record<string, string> = {}, fields: object = {}) =>
  sandbox.call(
    account.bearer,
    "POST",
    `${base}/registrations`,
    { domain_name: domain, ...fields },
    headers,
  );
const ASYNC = { prefer: "respond-async" };
const status = async (domain: string) =>
  (await sandbox.call(account.bearer, "GET", `${base}/registrations/${domain}/registration-status`))
    .body.result;
const chargesFor = (domain: string) =>
  sandbox.charges.filter(({ key }) => key.includes(` ${domain} `));
const zones = async (name: string) =>
  (await sandbox.call(account.bearer, "GET", `/zones?name=${name}&account.id=${account.accountId}`))
    .body.result;

describe("a price", () => {
  it("is told by the check, with a reason where there is none", async () => {
    const domains = [
      "example-shop.com",
      "taken-name.com",
      "a.sh",
      "a.zzz",
      "premium-name.com",
      "www.example.com",
    ];
    const { body } = await sandbox.call(account.bearer, "POST", `${base}/domain-check`, {
      domains,
    });
    const [com, ...others] = body.result.domains;
    expect(com).toEqual({
      name: "example-shop.com",
      registrable: true,
      tier: "standard",
      pricing: { currency: "USD", registration_cost: "10.44", renewal_cost: "10.44" },
    });
    expect(others.map((one: { reason: string }) => one.reason)).toEqual([
      "domain_unavailable",
      "extension_not_supported_via_api",
      "extension_not_supported",
      "domain_premium",
      "extension_not_supported",
    ]);
  });

  it("stands beside the names that search makes up", async () => {
    const { body } = await sandbox.call(
      account.bearer,
      "GET",
      `${base}/domain-search?q=acme%20corp&limit=3`,
    );
    expect(body.result.domains.map((one: { name: string }) => one.name)).toEqual([
      "acmecorp.com",
      "acmecorp.net",
      "acmecorp.org",
    ]);
  });

  it("is asked for twenty names at most", async () => {
    const domains = Array.from({ length: 21 }, (_, index) => `name-${index}.com`);
    expect(
      (await sandbox.call(account.bearer, "POST", `${base}/domain-check`, { domains })).status,
    ).toBe(400);
  });
});

describe("a registration", () => {
  it("succeeds with one charge and an active zone, and a repetition charges nothing", async () => {
    const first = await register("example-shop.com");
    expect(first.status).toBe(201);
    expect(first.body.result).toMatchObject({ state: "succeeded", completed: true });
    const again = await register("example-shop.com");
    expect(again.body.result).toEqual(first.body.result);
    expect(chargesFor("example-shop.com")).toMatchObject([{ amount: "10.44 USD" }]);
    expect(await zones("example-shop.com")).toMatchObject([{ status: "active" }]);
    const resource = await sandbox.call(
      account.bearer,
      "GET",
      `${base}/registrations/example-shop.com`,
    );
    expect(resource.body.result).toMatchObject({
      status: "active",
      auto_renew: false,
      locked: true,
    });
    const expires = new Date(resource.body.result.expires_at);
    expect(expires.getUTCFullYear()).toBe(new Date(sandbox.context().now()).getUTCFullYear() + 1);
  });

  it("is under way when nobody waits for it, and there is no domain yet", async () => {
    const answer = await register("slow-async.com", ASYNC);
    expect(answer.status).toBe(202);
    expect(answer.body.result).toMatchObject({ state: "in_progress", completed: false });
    expect(
      (await sandbox.call(account.bearer, "GET", `${base}/registrations/slow-async.com`)).status,
    ).toBe(404);
    expect(chargesFor("slow-async.com")).toEqual([]);
  });

  it("runs on its own when nobody waits for it, and two orders at once are one", async () => {
    const both = await Promise.all([
      register("example-async.com", ASYNC),
      register("example-async.com", ASYNC),
    ]);
    for (const answer of both) expect(answer.body.success).toBe(true);
    await expect.poll(() => chargesFor("example-async.com").length, { timeout: 15_000 }).toBe(1);
    expect(await status("example-async.com")).toMatchObject({ state: "succeeded" });
  });

  it("of several years costs the renewals of the further ones", async () => {
    await register("example-years.shop", {}, { years: 3 });
    expect(chargesFor("example-years.shop")).toMatchObject([{ amount: "67.54 USD" }]);
  });

  it("that needs a person stays open and costs nothing until the person has acted", async () => {
    expect((await register("action-required-a.com")).status).toBe(202);
    sandbox.advance(30 * 3_600_000);
    expect(await status("action-required-a.com")).toMatchObject({
      state: "action_required",
      completed: false,
      context: { action: "verify_registrant_email" },
    });
    expect(chargesFor("action-required-a.com")).toEqual([]);
    const request = new Request("http://sandbox/sandbox/cloudflare/registrations", {
      method: "POST",
      body: JSON.stringify({ accountId: account.accountId, domain: "action-required-a.com" }),
    });
    await sandbox.surface().handle(request, new URL(request.url));
    expect(await status("action-required-a.com")).toMatchObject({ state: "succeeded" });
  });

  it("that the registry holds back goes on after a day", async () => {
    await register("blocked-b.com");
    expect(await status("blocked-b.com")).toMatchObject({ state: "blocked", completed: false });
    sandbox.advance(25 * 3_600_000);
    expect(await status("blocked-b.com")).toMatchObject({ state: "succeeded" });
    expect(chargesFor("blocked-b.com")).toHaveLength(1);
  });

  it("that fails costs nothing, makes no zone, and says why", async () => {
    const answer = await register("fails-c.com");
    expect(answer.status).toBe(201);
    expect(answer.body.result).toMatchObject({
      state: "failed",
      completed: true,
      error: { code: "registry_rejected" },
    });
    expect(chargesFor("fails-c.com")).toEqual([]);
    expect(await zones("fails-c.com")).toEqual([]);
  });

  it("of a name that is taken is refused", async () => {
    expect((await register("taken-d.com")).status).toBe(400);
    const stranger = sandbox.addAccount({ email: "stranger@example.com", payment: true });
    const path = `/accounts/${stranger.accountId}/registrar/registrations`;
    expect(
      (await sandbox.call(stranger.bearer, "POST", path, { domain_name: "example-shop.com" }))
        .status,
    ).toBe(400);
  });

  it("without a payment token is refused and charges nothing", async () => {
    const poor = sandbox.addAccount({ email: "poor@example.com" });
    const before = sandbox.charges.length;
    const path = `/accounts/${poor.accountId}/registrar/registrations`;
    const answer = await sandbox.call(poor.bearer, "POST", path, {
      domain_name: "example-poor.com",
    });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0]?.message).toContain("default payment method");
    expect(sandbox.charges.length).toBe(before);
    expect(
      (await sandbox.call(poor.bearer, "GET", `${path}/example-poor.com/registration-status`))
        .status,
    ).toBe(404);
  });

  it("that cannot be paid fails, and a later order is a new attempt", async () => {
    sandbox.declineCharges("limit_exceeded");
    const declined = await register("example-limit.com");
    expect(declined.body.result).toMatchObject({
      state: "failed",
      error: { code: "payment_limit_exceeded" },
    });
    expect(await zones("example-limit.com")).toEqual([]);
    sandbox.declineCharges(undefined);
    expect((await register("example-limit.com")).body.result.state).toBe("succeeded");
    expect(chargesFor("example-limit.com")).toHaveLength(1);
  });

  it("that was under way at a restart goes on and is charged once", async () => {
    await register("slow-e.com", { prefer: "respond-async" });
    await sandbox.restart();
    expect(await status("slow-e.com")).toMatchObject({ state: "in_progress" });
    sandbox.advance(61_000);
    expect(await status("slow-e.com")).toMatchObject({ state: "succeeded" });
    await sandbox.restart();
    expect(await status("slow-e.com")).toMatchObject({ state: "succeeded" });
    expect(chargesFor("slow-e.com")).toHaveLength(1);
  });

  it("renews by itself only when told to, and can be neither deleted nor moved", async () => {
    const path = `${base}/registrations/example-shop.com`;
    const patched = await sandbox.call(account.bearer, "PATCH", path, { auto_renew: true });
    expect(patched.body.result).toMatchObject({ state: "succeeded" });
    expect((await sandbox.call(account.bearer, "GET", path)).body.result.auto_renew).toBe(true);
    expect(
      (await sandbox.call(account.bearer, "PATCH", path, { auto_renew: true, locked: false }))
        .status,
    ).toBe(400);
    expect((await sandbox.call(account.bearer, "DELETE", path)).status).toBe(405);
    const [zone] = await zones("example-shop.com");
    expect((await sandbox.call(account.bearer, "DELETE", `/zones/${zone.id}`)).status).toBe(400);
  });

  it("stands in the books with its price and its charge", () => {
    const entry = sandbox
      .surface()
      .books?.()
      .domains?.find(({ domain }) => domain === "example-shop.com");
    expect(entry).toMatchObject({
      state: "succeeded",
      pricePaid: "10.44 USD",
      chargeId: "ch_1",
      autoRenew: true,
    });
  });
});
