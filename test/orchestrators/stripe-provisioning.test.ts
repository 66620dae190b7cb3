import { describe, expect, it } from "vitest";
import type { Orchestrator } from "../../src/adapters/orchestrators/contract.ts";
import { createStripeProvisioning } from "../../src/adapters/orchestrators/stripe-provisioning/client.ts";
import stripeProvisioning from "../../src/adapters/orchestrators/stripe-provisioning/index.ts";
import { Secret } from "../../src/util/secret.ts";
import { createMemoryVault } from "./memory-vault.ts";
import { testOrchestrator } from "./orchestrator-suite.ts";
import { createProvisioningApi } from "./stripe-provisioning-api.ts";

type Api = ReturnType<typeof createProvisioningApi>;

function open(
  api: Api,
  key = api.key,
  vault = createMemoryVault(),
  limit = { currency: "USD", minor: 2_000n },
): Orchestrator {
  return createStripeProvisioning({
    secretKey: new Secret(key),
    ...{ connectedAccount: "acct_tenant", provider: "cloudflare", vault, fetch: api.answer },
    ...{ now: Date.now, sleep: async () => undefined },
    limit,
  });
}

/** Stripe knows the person from the tenant; the stand-in is told who it is. */
function withPerson(api: Api, orchestrator: Orchestrator): Orchestrator {
  return {
    ...orchestrator,
    requestAccount(request) {
      api.state.email = request.email;
      return orchestrator.requestAccount(request);
    },
  };
}

testOrchestrator(
  "stripe-provisioning, against a stand-in of the preview",
  stripeProvisioning,
  async () => {
    const api = createProvisioningApi();
    return {
      orchestrator: withPerson(api, open(api)),
      stranger: open(api, "sk_test_stranger"),
      free: { service: "kv", config: {} },
      paid: { service: "r2:bucket", config: { name: "media" } },
      async makeAccount(email) {
        const id = `before_${api.accounts.size}`;
        api.accounts.set(email, id);
        return id;
      },
      async lose(call, how) {
        const path = call === "account" ? "/provider_connection_requests" : "/resources";
        api.faults.push({ path, how });
      },
      async consent(url, decision) {
        const id = new URL(url).searchParams.get("request");
        const request = api.requests.find((one) => one.id === id);
        if (request === undefined) throw new Error("no such request");
        request.request_status = decision === "allow" ? "requested" : "error";
      },
      count: async (what) => (what === "accounts" ? api.accounts.size : api.resources.length),
      close: async () => undefined,
    };
  },
  {
    "is refused with a signature that is worth nothing":
      "a wrong key fails the look that comes first, which is unknown; nothing is made, see below",
    "refreshes credentials; a refresh token is good for one use":
      "there is no credential: a repeated request finds the connection",
    "presents another payment token for a resource that exists, harmlessly again":
      "Stripe charges its own payment method, so a payment token is never sent",
    "sees an unknown resource as absent, and nothing without a credential":
      "the platform's key is the credential, for every call alike",
    "exchanges a code for the account": "codes are exchanged inside Stripe",
  },
);

describe("the provisioning API", () => {
  const request = {
    ...{ requestId: "areq_1", email: "founder@example.com", name: "shop" },
    expiresAt: "2030-01-01T00:00:00Z",
  };

  it("is asked nothing more with a wrong key", async () => {
    const api = createProvisioningApi();
    expect((await open(api, "sk_test_wrong").requestAccount(request)).kind).toBe("unknown");
    expect(api.requests).toEqual([]);
  });

  it("is polled while a request is under way, in this process and the next", async () => {
    const api = createProvisioningApi();
    const vault = createMemoryVault();
    api.state.requestedFor = 15;
    const first = withPerson(api, open(api, api.key, vault));
    expect(await first.requestAccount(request)).toEqual({
      kind: "unknown",
      code: "still_requested",
    });
    const second = withPerson(api, open(api, api.key, vault));
    expect((await second.requestAccount(request)).kind).toBe("connected");
    expect(api.requests).toHaveLength(1);
    expect(api.accounts.size).toBe(1);
  });

  it("charges no more than the limit: it is set before the first paid resource, lowered, and left when lower", async () => {
    const api = createProvisioningApi();
    const orchestrator = open(api);
    const accessToken = new Secret("prvcn_1");
    const paymentToken = new Secret("held-against-the-caps");
    const buy = (resourceId: string) =>
      orchestrator.createResource({
        ...{ accessToken, paymentToken, resourceId },
        ...{ service: "r2:bucket", config: { name: "media" } },
      });
    const limit = (max_amount: string) => ({
      ...{ currency: "usd", max_amount, recurring_interval: "month" },
    });
    expect((await buy("one")).kind).toBe("complete");
    expect(api.state.limit).toEqual(limit("2000"));
    api.state.limit = limit("10000");
    await buy("two");
    expect(api.state.limit).toEqual(limit("2000"));
    api.state.limit = limit("500");
    await buy("three");
    expect(api.state.limit).toEqual(limit("500"));
    api.state.limit = limit("10000");
    api.faults.push({ path: "/payment_profile/update_limit", how: "request" });
    expect(await buy("four")).toMatchObject({ kind: "refused", code: "limit_not_set" });
    expect(api.resources).toHaveLength(3);
  });

  const usd = (max_amount: string) => ({
    ...{ currency: "usd", max_amount, recurring_interval: "month" },
  });

  it.each([
    ["the profile's lower one", { profileLimit: usd("500") }],
    ["the provider's lower one", { limit: usd("500"), profileLimit: usd("9000") }],
  ])("widens no limit: %s is left", async (_, limits) => {
    const api = createProvisioningApi();
    Object.assign(api.state, limits);
    expect((await open(api).createResource(bucket("one"))).kind).toBe("complete");
    expect(api.state).toMatchObject(limits);
  });

  it.each([
    ["another currency", { limit: { ...usd("500"), currency: "eur" } }],
    ["a week", { limit: { ...usd("500"), recurring_interval: "week" } }],
    ["a year of the profile", { profileLimit: { ...usd("500"), recurring_interval: "year" } }],
    ["no number", { limit: usd("much") }],
  ])("buys nothing beside a limit that can't be compared: %s", async (_, limits) => {
    const api = createProvisioningApi();
    Object.assign(api.state, limits);
    const answer = await open(api).createResource(bucket("one"));
    expect(answer).toEqual({ kind: "refused", code: "limit_not_comparable", unsent: true });
    expect(api.resources).toEqual([]);
    expect(api.state).toMatchObject(limits);
  });

  it("buys nothing where the limit that was set is not read back", async () => {
    const api = createProvisioningApi();
    api.state.keepsLimits = false;
    const answer = await open(api).createResource(bucket("one"));
    expect(answer).toEqual({ kind: "refused", code: "limit_not_set", unsent: true });
    expect(api.resources).toEqual([]);
  });

  it("finds what stands on a later page, so that no second connection is made", async () => {
    const api = createProvisioningApi();
    api.state.pageSize = 1;
    const orchestrator = withPerson(api, open(api));
    await orchestrator.requestAccount({ ...request, email: "other@example.com", requestId: "a" });
    const first = await orchestrator.requestAccount({ ...request, requestId: "b" });
    const again = await orchestrator.requestAccount({ ...request, requestId: "c" });
    // Each is dated when it is read.
    const { accountId } = first.kind === "connected" ? first.credentials : { accountId: "none" };
    expect(again).toMatchObject({ kind: "connected", credentials: { accountId } });
    expect(api.requests).toHaveLength(2);
    expect((await orchestrator.createResource(bucket("one"))).kind).toBe("complete");
  });

  it("leaves a request open that asks for more, since an account may yet come of it", async () => {
    const api = createProvisioningApi();
    const vault = createMemoryVault();
    api.state.asksFor = "needs_information";
    const orchestrator = withPerson(api, open(api, api.key, vault));
    expect(await orchestrator.requestAccount(request)).toEqual({
      kind: "unknown",
      code: "needs_information",
    });
    const [begun] = api.requests;
    if (begun !== undefined) begun.request_status = "requested";
    expect((await orchestrator.requestAccount(request)).kind).toBe("connected");
    expect(api.requests).toHaveLength(1);
  });

  it("begins anew once Stripe says that the request is gone", async () => {
    const api = createProvisioningApi();
    const orchestrator = withPerson(api, open(api));
    api.state.asksFor = "needs_information";
    await orchestrator.requestAccount(request);
    api.requests.length = 0;
    api.state.asksFor = undefined;
    expect(await orchestrator.requestAccount(request)).toEqual({
      kind: "refused",
      code: "request_gone",
    });
    const next = { ...request, requestId: "areq_2" };
    expect((await orchestrator.requestAccount(next)).kind).toBe("connected");
  });

  it("takes a 404 that is not Stripe's for no word about a connection or a resource", async () => {
    const api = createProvisioningApi();
    const orchestrator = open(api);
    const accessToken = new Secret("prvcn_1");
    const gone = { accessToken, id: "prvrs_9" };
    expect(await orchestrator.endSession?.({ accessToken })).toEqual({ kind: "ended" });
    expect(await orchestrator.readResource(gone)).toEqual({ kind: "absent" });
    api.state.proxy = () => new Response("no such host", { status: 404 });
    expect((await orchestrator.endSession?.({ accessToken }))?.kind).toBe("unknown");
    expect((await orchestrator.readResource(gone)).kind).toBe("unknown");
    expect((await orchestrator.removeResource(gone)).kind).toBe("unknown");
  });

  it.each([
    ["MGA", 5_000_000n, "50000"],
    ["ISK", 500n, "50000"],
    ["IDR", 10_000_000n, "10000000"],
  ])("is told the limit as Stripe counts %s", async (currency, minor, max_amount) => {
    const api = createProvisioningApi();
    const orchestrator = open(api, api.key, createMemoryVault(), { currency, minor });
    expect((await orchestrator.createResource(bucket("one"))).kind).toBe("complete");
    expect(api.state.limit).toMatchObject({ currency: currency.toLowerCase(), max_amount });
  });

  it.each([
    ["CLF", 10_000n, "currency_unsupported"],
    ["MGA", 5_000_050n, "amount_unsupported"],
  ])("buys nothing with a limit in %s of %s", async (currency, minor, code) => {
    const api = createProvisioningApi();
    const orchestrator = open(api, api.key, createMemoryVault(), { currency, minor });
    const answer = await orchestrator.createResource(bucket("one"));
    expect(answer).toEqual({ kind: "refused", code, unsent: true });
    expect([api.resources, api.state.limit]).toEqual([[], undefined]);
  });
});

function bucket(resourceId: string) {
  const accessToken = new Secret("prvcn_1");
  const paymentToken = new Secret("held-against-the-caps");
  const wish = { service: "r2:bucket", config: { name: "media" } };
  return { accessToken, paymentToken, resourceId, ...wish };
}
