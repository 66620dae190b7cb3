import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createStripeIssuer } from "../../src/adapters/issuers/stripe/client.ts";
import { createAppOrchestrator } from "../../src/adapters/orchestrators/app/client.ts";
import { createCloudflareClient } from "../../src/adapters/vendors/cloudflare/client.ts";
import type { VendorClient } from "../../src/adapters/vendors/contract.ts";
import type { Fetch } from "../../src/util/fetch-json.ts";
import { Secret } from "../../src/util/secret.ts";
import { type SandboxHarness, startHarness } from "../orchestrators/sandbox-harness.ts";

const realFetch: Fetch = (url, init) => fetch(url, init);
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe("cloudflare, against the sandbox", () => {
  let harness: SandboxHarness;
  let client: VendorClient;
  let account: { readonly credential: Secret; readonly accountId: string };
  beforeAll(async () => {
    harness = await startHarness(true);
    const { connection } = harness;
    client = createCloudflareClient(connection.cloudflare, { fetch: realFetch });
    account = await openAccount(connection);
  });
  afterAll(() => harness.close());

  const mint = (name: string, change: object = {}) =>
    client.issueToken({
      ...account,
      name,
      permissions: [{ group: "D1 Write", scope: "account" }],
      zones: [],
      expiresAt: inAnHour(),
      ...change,
    });

  it("mints a token that ends, finds it by name, renews it and revokes it", async () => {
    const token = await mint("life");
    if (token.kind !== "issued") throw new Error(token.kind);
    const { tokenId } = token;
    expect(token.value.reveal()).toMatch(/^[0-9A-Za-z_-]{40,80}$/);
    const found = await client.findToken({ ...account, name: "life" });
    expect(found).toMatchObject({ kind: "found", tokenId, status: "active" });
    const later = new Date(Date.now() + 7_200_000).toISOString();
    expect(await client.renewToken({ ...account, tokenId, expiresAt: later })).toMatchObject({
      kind: "found",
      tokenId,
      expiresAt: expect.stringContaining(later.slice(0, 19)),
    });
    expect((await client.revokeToken({ ...account, tokenId })).kind).toBe("absent");
    expect((await client.revokeToken({ ...account, tokenId })).kind).toBe("absent");
    expect((await client.readToken({ ...account, tokenId })).kind).toBe("absent");
    expect((await client.findToken({ ...account, name: "life" })).kind).toBe("absent");
    expect((await client.renewToken({ ...account, tokenId, expiresAt: later })).kind).toBe(
      "absent",
    );
  });

  it("gives a token its permissions and no zone but the named one", async () => {
    const names = async () =>
      (await harness.books()).accessTokens.filter(({ kind }) => kind === "api-token");
    const before = (await names()).length;
    const zone = { group: "DNS Write", scope: "zone" as const };
    expect(await mint("no zone", { permissions: [zone] })).toMatchObject({ code: "no_zone" });
    expect(await mint("zone", { permissions: [zone], zones: ["none.com"] })).toMatchObject({
      kind: "refused",
      code: "zone_not_found",
    });
    expect(
      await mint("group", { permissions: [{ group: "Everything", scope: "account" }] }),
    ).toEqual({
      kind: "refused",
      code: "unknown_permission_group",
    });
    expect(await mint("none", { permissions: [] })).toMatchObject({ code: "no_permission" });
    expect(await names()).toHaveLength(before);
    await mint("some");
    expect((await names()).at(-1)?.permissions.join()).toContain("D1 Write");
  });

  it("sees an expired token as expired, and wakes it up with its value unchanged", async () => {
    const token = await mint("sleeper", { expiresAt: new Date(Date.now() + 60_000).toISOString() });
    if (token.kind !== "issued") throw new Error(token.kind);
    const { tokenId } = token;
    await harness.advance(120_000);
    expect(await client.readToken({ ...account, tokenId })).toMatchObject({ status: "expired" });
    expect(await client.findToken({ ...account, name: "sleeper" })).toMatchObject({
      status: "expired",
    });
    expect(await client.renewToken({ ...account, tokenId, expiresAt: inAnHour() })).toMatchObject({
      status: "active",
    });
  });

  it("quotes, registers and reads a domain; again is the same one", async () => {
    const domain = { ...account, domain: "example-shop.com", years: 1, autoRenew: false };
    expect((await client.readDomain(domain)).kind).toBe("absent");
    expect(await client.quoteDomain(domain)).toMatchObject({
      kind: "quoted",
      price: { currency: "USD", minor: 1044n },
      renewal: { currency: "USD", minor: 1044n },
    });
    expect(await client.quoteDomain({ ...domain, years: 3 })).toMatchObject({
      price: { minor: 3132n },
    });
    const first = await until(() => client.registerDomain(domain));
    expect(first).toMatchObject({ kind: "registered", domain: "example-shop.com" });
    expect(await client.registerDomain(domain)).toEqual(first);
    expect((await harness.books()).charges).toHaveLength(1);
    expect((await client.setAutoRenew({ ...domain, autoRenew: true })).kind).toBe("registered");
    expect((await harness.books()).domains[0]?.autoRenew).toBe(true);
  });

  it("knows the domains that cannot be had, and the ones that need patience or a person", async () => {
    const about = (domain: string) => ({ ...account, domain, years: 1, autoRenew: false });
    expect((await client.quoteDomain(about("taken-shop.com"))).kind).toBe("unavailable");
    expect((await client.quoteDomain(about("premium-shop.com"))).kind).toBe("unavailable");
    expect(await client.registerDomain(about("blocked-shop.com"))).toEqual({
      kind: "pending",
      slow: true,
    });
    expect(await client.registerDomain(about("action-required-shop.com"))).toMatchObject({
      kind: "action-required",
    });
    expect(await client.readDomain(about("action-required-shop.com"))).toMatchObject({
      kind: "action-required",
    });
    const failed = await until(() => client.registerDomain(about("fails-shop.com")));
    expect(failed).toMatchObject({ kind: "refused", code: "registry_rejected" });
    expect(await client.readDomain(about("fails-shop.com"))).toMatchObject({ kind: "refused" });
  });

  it("claims the account's app domain once", async () => {
    expect(await client.readAppDomain?.(account)).toEqual({ kind: "absent" });
    const claimed = { kind: "found", domain: "shop-1234.workers.dev" };
    expect(await client.claimAppDomain?.({ ...account, name: "shop-1234" })).toEqual(claimed);
    expect(await client.readAppDomain?.(account)).toEqual(claimed);
  });

  it("calls what was lost unknown, and reads nothing into a refused look", async () => {
    await harness.fault("status500-after", "POST", "/tokens$");
    expect((await mint("lost")).kind).toBe("unknown");
    expect((await client.findToken({ ...account, name: "lost" })).kind).toBe("found");
    const nobody = { credential: new Secret("nobody"), accountId: account.accountId };
    const domain = "example-shop.com";
    expect((await client.readDomain({ ...nobody, domain })).kind).toBe("unknown");
    expect((await client.findToken({ ...nobody, name: "lost" })).kind).not.toBe("absent");
    expect((await mint("nobody", nobody)).kind).toBe("refused");
  });
});

describe("cloudflare's answers of another form", () => {
  it("prove nothing", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.json(),
        fc.constantFrom(200, 201, 400, 403, 404, 500),
        async (body, status) => {
          const fake: Fetch = async () => new Response(body, { status });
          const client = createCloudflareClient({}, { fetch: fake });
          const account = { credential: new Secret("token"), accountId: "a1" };
          const domain = { ...account, domain: "x.com", years: 1, autoRenew: false };
          const permissions = [{ group: "D1 Write", scope: "account" as const }];
          const answers = await Promise.all([
            client.issueToken({
              ...account,
              name: "n",
              permissions,
              zones: [],
              expiresAt: inAnHour(),
            }),
            client.findToken({ ...account, name: "n" }),
            client.revokeToken({ ...account, tokenId: "t" }),
            client.quoteDomain(domain),
            client.registerDomain(domain),
            client.readDomain(domain),
          ]);
          for (const { kind } of answers) expect(kind).toBe("unknown");
        },
      ),
    );
  });
});

async function openAccount(connection: SandboxHarness["connection"]) {
  const { orchestrators, providers, issuers } = connection;
  const { stripe } = issuers;
  const provider = providers.cloudflare;
  if (provider === undefined) throw new Error("the sandbox has no such provider");
  const { account, signingSecret } = orchestrators.stripe;
  const orchestrator = createAppOrchestrator(
    {
      orchestrator: "stripe",
      orchestratorAccount: account,
      signingSecret,
      providerUrl: provider.url,
    },
    { fetch: realFetch, now: Date.now },
  );
  const answer = await orchestrator.requestAccount({
    requestId: "areq_1",
    email: "founder@example.com",
    name: "Shop",
    expiresAt: inAnHour(),
  });
  if (answer.kind !== "connected") throw new Error(answer.kind);
  const { accessToken, accountId } = answer.credentials;
  const issuer = createStripeIssuer(stripe, { fetch: realFetch });
  const token = await issuer.issue({
    key: "key-1",
    payee: provider.sellerProfile,
    cap: { currency: "USD", minor: 6000n },
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  });
  if (token.kind !== "issued") throw new Error(token.kind);
  await orchestrator.createResource({
    accessToken,
    resourceId: "plan",
    service: "workers:free",
    config: {},
    paymentToken: token.token,
  });
  return { credential: accessToken, accountId };
}

async function until<A extends { readonly kind: string }>(ask: () => Promise<A>): Promise<A> {
  let answer = await ask();
  for (let n = 0; answer.kind === "pending" && n < 400; n++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    answer = await ask();
  }
  return answer;
}
