import { describe, expect, it } from "vitest";
import type { Orchestrator } from "../../src/adapters/orchestrators/contract.ts";
import stripeProvisioning from "../../src/adapters/orchestrators/stripe-provisioning/index.ts";
import { openOrchestrator } from "../../src/adapters/orchestrators/stripe-provisioning/open-orchestrator.ts";
import { Secret } from "../../src/util/secret.ts";
import { sha256 } from "../../src/util/sha256.ts";
import { createMemoryVault } from "./memory-vault.ts";
import { testOrchestrator } from "./orchestrator-suite.ts";
import { type SandboxHarness, startHarness } from "./sandbox-harness.ts";

function open(
  { connection }: SandboxHarness,
  overrides: Readonly<Record<string, unknown>> = {},
  vault = createMemoryVault(),
): Orchestrator {
  const part = { ...connection.orchestrators["stripe-provisioning"], ...overrides };
  const place = { id: "stripe-provisioning", provider: "cloudflare", providerUrl: "" };
  const opened = openOrchestrator(part, place, {
    ...{ vault, fetch: (url, init) => fetch(url, init) },
    ...{ now: Date.now, sleep: async () => undefined },
  });
  if (opened === undefined) throw new Error("not opened");
  return opened;
}

const accountOf = (email: string) => `acct_${sha256(email).slice(0, 16)}`;

/** Each person is a customer of their own, with a connected account of their own. */
function openPerPerson(harness: SandboxHarness): Orchestrator {
  const vault = createMemoryVault();
  const enter = (email: string) => open(harness, { connectedAccount: accountOf(email) }, vault);
  let current = open(harness);
  return {
    ...current,
    requestAccount(request) {
      current = enter(request.email);
      return current.requestAccount(request);
    },
    refresh: (token) => current.refresh(token),
    endSession: async (session) =>
      (await current.endSession?.(session)) ?? { kind: "unknown", code: "no_end" },
    createResource: (input) => current.createResource(input),
    readResource: (input) => current.readResource(input),
    rotateResource: (input) => current.rotateResource(input),
    removeResource: (input) => current.removeResource(input),
  };
}

testOrchestrator(
  "stripe-provisioning, against the sandbox",
  stripeProvisioning,
  async () => {
    const harness = await startHarness();
    return {
      orchestrator: openPerPerson(harness),
      stranger: open(harness, { secretKey: "sk_test_stranger" }),
      free: { service: "workers:free", config: {} },
      paid: { service: "r2:bucket", config: { name: "media" } },
      async makeAccount(email) {
        const before = open(harness, { connectedAccount: accountOf(email) });
        const answer = await before.requestAccount({
          ...{ requestId: `before ${email}`, email, name: "Before" },
          expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
        });
        if (answer.kind !== "connected") throw new Error(answer.kind);
        await before.endSession?.(answer.credentials);
        return answer.credentials.accountId;
      },
      lose: (call, how) =>
        harness.fault(
          how === "answer" ? "status500-after" : "status500",
          "POST",
          call === "account" ? "/provider_connection_requests$" : "/v2/provisioning/resources$",
        ),
      async consent(url, decision) {
        const state = new URL(url).searchParams.get("state") ?? "";
        await fetch(`${new URL(url).origin}/providers/cloudflare/authorize/confirm`, {
          method: "POST",
          body: new URLSearchParams({ state, decision }),
        });
      },
      async count(what) {
        const { accounts, serviceInstances } = await harness.books();
        // The plan that reveals the session's credential is no resource that was asked for.
        const asked = serviceInstances.filter(({ service }) => service !== "workers:free");
        return what === "accounts" ? accounts.length : asked.length;
      },
      close: harness.close,
    };
  },
  {
    "is refused with a signature that is worth nothing":
      "a wrong key fails the look that comes first, which is unknown",
    "refreshes credentials; a refresh token is good for one use":
      "the connection stands for it, however often it is used; see below",
    "creates a resource, and the same one for the same id":
      "the one free service is the session's own plan, which is there already; see the stand-in",
    "calls a resource unknown when the answer is lost, and finds one again": "the same",
    "calls a resource unknown when the request is lost, and finds one again": "the same",
    "presents another payment token for a resource that exists, harmlessly again":
      "Stripe charges its own payment method, so a payment token is never sent",
    "sees an unknown resource as absent, and nothing without a credential":
      "the platform's key is the credential, for every call alike",
    "exchanges a code for the account": "codes are exchanged inside Stripe",
  },
);

describe("the provisioning API of the sandbox", () => {
  const request = {
    ...{ requestId: "areq_1", email: "founder@example.com", name: "shop" },
    expiresAt: "2099-01-01T00:00:00Z",
  };
  const bucket = (resourceId: string) => ({
    ...{ accessToken: new Secret("not-needed"), paymentToken: new Secret("held-by-us") },
    ...{ resourceId, service: "r2:bucket", config: { name: "media" } },
  });

  it("reveals the same credential until it dies, and makes nothing for an account that is known", async () => {
    const harness = await startHarness();
    const vault = createMemoryVault();
    const orchestrator = open(harness, {}, vault);
    const first = await orchestrator.requestAccount(request);
    if (first.kind !== "connected") throw new Error(first.kind);
    const { accessToken, accountId, refreshToken = new Secret("") } = first.credentials;
    const again = await orchestrator.refresh(refreshToken);
    if (again.kind !== "connected") throw new Error(again.kind);
    expect(again.credentials.accessToken.reveal()).toBe(accessToken.reveal());
    const known = { ...request, accountId };
    expect((await orchestrator.requestAccount(known)).kind).toBe("connected");
    expect(await open(harness).requestAccount({ ...known, requestId: "areq_2" })).toEqual({
      ...{ kind: "refused", code: "account_not_found", unsent: true },
    });
    await orchestrator.endSession?.(first.credentials);
    expect(await orchestrator.requestAccount(known)).toMatchObject({ code: "account_not_found" });
    expect((await orchestrator.refresh(refreshToken)).kind).toBe("refused");
    const { accounts, serviceInstances } = await harness.books();
    expect([accounts.length, serviceInstances.length]).toEqual([1, 1]);
    await harness.close();
  });

  it("makes no plan for a session with an account that is known", async () => {
    const harness = await startHarness();
    const vault = createMemoryVault();
    const bare = open(harness, { plans: {} }, vault);
    const first = await bare.requestAccount(request);
    if (first.kind !== "connected") throw new Error(first.kind);
    const { accountId } = first.credentials;
    const answer = await open(harness, {}, vault).requestAccount({ ...request, accountId });
    expect(answer).toEqual({ kind: "unknown", code: "plan_absent" });
    expect((await harness.books()).serviceInstances).toEqual([]);
    await harness.close();
  });

  it("orders no plan to open a session that costs something now, or that nobody can look up", async () => {
    const harness = await startHarness();
    const dear = open(harness, { plans: { cloudflare: "workers:paid" } });
    expect(await dear.requestAccount(request)).toEqual({ kind: "unknown", code: "plan_not_free" });
    await harness.fault("status500", "GET", "/catalog/services");
    expect(await open(harness).requestAccount(request)).toEqual({
      ...{ kind: "unknown", code: "catalogue_unreadable" },
    });
    expect((await harness.books()).serviceInstances).toEqual([]);
    expect((await open(harness).requestAccount(request)).kind).toBe("connected");
    await harness.close();
  });

  it("waits for information, and for what takes its time", async () => {
    const harness = await startHarness();
    await harness.settings("cloudflare", { connectionMs: 60_000, connectionAsks: true });
    const orchestrator = open(harness);
    const ask = () => orchestrator.requestAccount(request);
    expect(await ask()).toEqual({ kind: "unknown", code: "still_requested" });
    await harness.advance(60_000);
    expect(await ask()).toEqual({ kind: "unknown", code: "needs_information" });
    expect((await harness.books()).accounts).toEqual([]);
    await harness.close();
  });

  it("sets the limit before it buys", async () => {
    const harness = await startHarness();
    const orchestrator = open(harness, { limit: "20.00 USD" });
    await orchestrator.requestAccount(request);
    expect((await orchestrator.createResource(bucket("one"))).kind).toBe("complete");
    const { secretKey, connectedAccount, url } =
      harness.connection.orchestrators["stripe-provisioning"];
    const profile = await fetch(`${url}/v2/provisioning/payment_profile`, {
      headers: {
        Authorization: `Bearer ${secretKey}`,
        "Stripe-Version": "2026-09-30.preview",
        "Stripe-Context": connectedAccount,
      },
    });
    expect(await profile.json()).toMatchObject({
      providers: [{ provider: "cloudflare", usage_limits: { max_amount: "2000" } }],
      usage_limits: { max_amount: "10000" },
    });
    await harness.close();
  });
});
