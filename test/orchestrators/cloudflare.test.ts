import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAppOrchestrator } from "../../src/adapters/orchestrators/app/client.ts";
import {
  OAUTH_CAPABILITIES,
  TEMPORARY_CAPABILITIES,
  TOKEN_CAPABILITIES,
} from "../../src/adapters/orchestrators/cloudflare/capabilities.ts";
import { createCloudflareOauth } from "../../src/adapters/orchestrators/cloudflare/client.ts";
import { createHandedToken } from "../../src/adapters/orchestrators/cloudflare/handed-token.ts";
import { openOrchestrator } from "../../src/adapters/orchestrators/cloudflare/open-orchestrator.ts";
import type { OauthCallback } from "../../src/adapters/orchestrators/cloudflare/read-callback.ts";
import { solveChallenge } from "../../src/adapters/orchestrators/cloudflare/solve-challenge.ts";
import { createTemporaryAccounts } from "../../src/adapters/orchestrators/cloudflare/temporary.ts";
import type { Fetch } from "../../src/util/fetch-json.ts";
import { Secret } from "../../src/util/secret.ts";
import { createMemoryVault } from "./memory-vault.ts";
import { testOrchestrator } from "./orchestrator-suite.ts";
import { type SandboxHarness, startHarness } from "./sandbox-harness.ts";

const realFetch: Fetch = (url, init) => fetch(url, init);
const NOWHERE = "http://127.0.0.1:9/client/v4";
const NOTHING = { service: "none", config: {} };
const ACCEPTED = {
  termsOfService: "https://www.cloudflare.com/terms/",
  privacyPolicy: "https://www.cloudflare.com/privacypolicy/",
};

function newRequest(email: string) {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  return { requestId: `areq ${email}`, email, name: "Base", expiresAt };
}

/** Somebody's first account, and a credential of that person. */
async function openBase({ connection }: SandboxHarness, email: string) {
  const { account: orchestratorAccount, signingSecret } = connection.identities.stripe;
  const providerUrl = connection.providers.cloudflare?.url ?? "";
  const answer = await createAppOrchestrator(
    { orchestrator: "stripe", orchestratorAccount, signingSecret, providerUrl },
    { fetch: realFetch, now: Date.now },
  ).requestAccount(newRequest(email));
  if (answer.kind !== "connected") throw new Error(answer.kind);
  return answer.credentials;
}

function openOauth(
  harness: SandboxHarness,
  endpoint = harness.connection.cloudflare.endpoint,
  fetching = realFetch,
  now = Date.now,
) {
  const callbacks = new Map<string, OauthCallback>();
  const { controlUrl } = harness.connection;
  const orchestrator = createCloudflareOauth({
    ...{ endpoint, fetch: fetching, now, vault: createMemoryVault() },
    clientId: "client_1",
    authorizeUrl: `${controlUrl}/cloudflare/oauth2/auth`,
    tokenUrl: `${controlUrl}/cloudflare/oauth2/token`,
    revokeUrl: `${controlUrl}/cloudflare/oauth2/revoke`,
    redirectUri: "http://127.0.0.1:8976/oauth/callback",
    readCallback: async (state) => callbacks.get(state) ?? { kind: "pending" },
  });
  /** A person logs in and decides; the browser comes back to us. */
  const decide = async (url: string, decision: "allow" | "deny", email: string): Promise<void> => {
    const response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ decision, email }),
    });
    const back = new URL(response.headers.get("location") ?? "").searchParams;
    const code = back.get("code");
    callbacks.set(
      back.get("state") ?? "",
      code === null
        ? { kind: "error", error: back.get("error") ?? "" }
        : { kind: "code", code: new Secret(code) },
    );
  };
  return { orchestrator, decide };
}

/** Lets a person say yes; answers with the refresh token. */
async function consentTo(
  { orchestrator, decide }: Pick<ReturnType<typeof openOauth>, "orchestrator" | "decide">,
  email: string,
): Promise<Secret> {
  const request = newRequest(email);
  const asked = await orchestrator.requestAccount(request);
  if (asked.kind !== "consent") throw new Error(asked.kind);
  await decide(asked.url, "allow", email);
  const answer = await orchestrator.requestAccount(request);
  if (answer.kind !== "connected" || answer.credentials.refreshToken === undefined)
    throw new Error(answer.kind);
  return answer.credentials.refreshToken;
}

const ACCOUNT_ONLY = { free: NOTHING, paid: NOTHING } as const;
const CODES = "only the provisioning protocol has codes of this kind";

testOrchestrator(
  "cloudflare, by a person's consent",
  { capabilities: OAUTH_CAPABILITIES },
  async () => {
    const harness = await startHarness("idle");
    const { orchestrator, decide } = openOauth(harness);
    return {
      ...ACCOUNT_ONLY,
      orchestrator,
      stranger: openOauth(harness, NOWHERE).orchestrator,
      prepare: async (email) => void (await openBase(harness, email)),
      makeAccount: async (email) => (await openBase(harness, email)).accountId,
      lose: async () => undefined,
      consent: decide,
      count: async () => (await harness.books()).accounts.length,
      close: harness.close,
    };
  },
  {
    "calls it unknown when the answer is lost, and finds one account again":
      "no account is ever made, so whatever is lost is asked for anew",
    "calls it unknown when the request is lost, and finds one account again":
      "no account is ever made, so whatever is lost is asked for anew",
    "is refused with a signature that is worth nothing": "there is no signature",
    "opens an account that exists, and never makes one, when it is told to link":
      "whoever has no account is turned away on Cloudflare's own page",
    "exchanges a code for the account": CODES,
  },
);

testOrchestrator(
  "cloudflare, by a token that a person handed over",
  { capabilities: TOKEN_CAPABILITIES },
  async () => {
    const harness = await startHarness("idle");
    const { endpoint } = harness.connection.cloudflare;
    const place = { endpoint, fetch: realFetch, now: Date.now };
    const tokens = new Map<string, Secret>();
    const open = async (email: string, creates: boolean) => {
      const token = tokens.get(email) ?? (await openBase(harness, email)).accessToken;
      tokens.set(email, token);
      return createHandedToken({ ...place, token, createsAccounts: creates });
    };
    const anybody = await open("nobody@example.com", true);
    return {
      ...ACCOUNT_ONLY,
      orchestrator: {
        ...anybody,
        requestAccount: async (request) =>
          (await open(request.email, true)).requestAccount(request),
      },
      stranger: createHandedToken({ ...place, token: new Secret("cfut_worth_nothing") }),
      lose: (_, how) =>
        harness.fault(
          how === "answer" ? "status500-after" : "status500",
          "POST",
          "/client/v4/accounts$",
        ),
      count: async () =>
        (await harness.books()).accounts.filter(({ name }) => name !== "Base").length,
      close: harness.close,
    };
  },
  {
    "asks for consent where the person has an account already": "the token is the person's consent",
    "takes a person's no for an answer": "the token is the person's consent",
    "opens an account that exists, and never makes one, when it is told to link":
      "the owner of a token has an account; tried below",
    "refreshes credentials; a refresh token is good for one use": "an API token is not refreshed",
    "exchanges a code for the account": CODES,
  },
);

testOrchestrator(
  "cloudflare, with a temporary account",
  { capabilities: TEMPORARY_CAPABILITIES },
  async () => {
    const harness = await startHarness("idle");
    const { endpoint } = harness.connection.cloudflare;
    const place = { fetch: realFetch, now: Date.now, vault: createMemoryVault() };
    return {
      ...ACCOUNT_ONLY,
      orchestrator: createTemporaryAccounts({ ...place, endpoint, accepted: ACCEPTED }),
      stranger: createTemporaryAccounts({ ...place, endpoint: NOWHERE, accepted: ACCEPTED }),
      lose: async () => undefined,
      count: async () => (await harness.books()).accounts.length,
      close: harness.close,
    };
  },
  {
    "calls it unknown when the answer is lost, and finds one account again":
      "there is no idempotency key: the lost one is waited out, see below",
    "calls it unknown when the request is lost, and finds one account again":
      "there is no idempotency key: the lost one is waited out, see below",
    "asks for consent where the person has an account already": "there is no person",
    "takes a person's no for an answer": "there is no person",
    "refreshes credentials; a refresh token is good for one use": "it lives an hour",
    "exchanges a code for the account": CODES,
  },
);

describe("cloudflare", () => {
  let harness: SandboxHarness;
  beforeAll(async () => {
    harness = await startHarness("idle");
  });
  afterAll(() => harness.close());

  it("asks with PKCE, and answers with mismatch, refusal and expiry", async () => {
    await openBase(harness, "ada@example.com");
    await openBase(harness, "mallory@example.com");
    const { orchestrator, decide } = openOauth(harness);
    const request = newRequest("ada@example.com");
    const ask = async () => {
      const answer = await orchestrator.requestAccount(request);
      if (answer.kind !== "consent") throw new Error(answer.kind);
      return answer.url;
    };
    const url = await ask();
    expect(new URL(url).searchParams.get("code_challenge_method")).toBe("S256");
    await decide(url, "allow", "mallory@example.com");
    expect(await orchestrator.requestAccount(request)).toMatchObject({
      kind: "refused",
      code: "email_mismatch",
    });
  });

  it("forgets a link that nobody followed in time", async () => {
    let now = Date.now();
    const orchestrator = createCloudflareOauth({
      ...{ endpoint: NOWHERE, fetch: realFetch, now: () => now, vault: createMemoryVault() },
      ...{ clientId: "client_1", redirectUri: "http://127.0.0.1:8976/" },
      authorizeUrl: "https://dash.example/auth",
      tokenUrl: "https://dash.example/token",
      revokeUrl: "https://dash.example/revoke",
      readCallback: async () => ({ kind: "pending" }),
    });
    const request = newRequest("late@example.com");
    const first = await orchestrator.requestAccount(request);
    expect(await orchestrator.requestAccount(request)).toEqual(first);
    now += 601_000;
    expect(await orchestrator.requestAccount(request)).toMatchObject({
      kind: "refused",
      code: "consent_expired",
    });
    const second = await orchestrator.requestAccount(request);
    expect(second.kind).toBe("consent");
    expect(second).not.toEqual(first);
  });

  it("opens the person's account with a handed token, and nobody else's", async () => {
    const { accountId, accessToken: token } = await openBase(harness, "grace@example.com");
    const { endpoint } = harness.connection.cloudflare;
    const own = createHandedToken({ endpoint, fetch: realFetch, now: Date.now, token });
    expect(await own.requestAccount(newRequest("grace@example.com"))).toMatchObject({
      kind: "connected",
      credentials: { accountId },
    });
    expect(await own.requestAccount(newRequest("other@example.com"))).toMatchObject({
      kind: "refused",
      code: "email_mismatch",
    });
  });

  it.each([false, true])(
    "opens exactly the account that is known, among several, and makes none (may make accounts: %s)",
    async (createsAccounts) => {
      const email = `several-${createsAccounts}@example.com`;
      const { accountId, accessToken: token } = await openBase(harness, email);
      const { endpoint } = harness.connection.cloudflare;
      const place = { endpoint, fetch: realFetch, now: Date.now, token };
      const makes = createHandedToken({ ...place, createsAccounts: true });
      const made = await makes.requestAccount({ ...newRequest(email), requestId: `${email} 2` });
      if (made.kind !== "connected") throw new Error(made.kind);
      const others = [accountId, made.credentials.accountId];
      expect(new Set(others).size).toBe(2);
      const before = (await harness.books()).accounts.length;
      const own = createHandedToken({ ...place, createsAccounts });
      for (const known of others)
        expect(
          await own.requestAccount({ ...newRequest(email), accountId: known, name: "Renamed" }),
        ).toMatchObject({ kind: "connected", credentials: { accountId: known, livesOn: true } });
      expect(
        await own.requestAccount({ ...newRequest(email), accountId: "0".repeat(32) }),
      ).toMatchObject({ kind: "refused", code: "account_not_found", unsent: true });
      const link = { ...newRequest(email), mode: "link" as const, name: "Nothing" };
      expect(await own.requestAccount(link)).toMatchObject({ code: "account_ambiguous" });
      expect((await harness.books()).accounts).toHaveLength(before);
    },
  );

  it("opens each way by its word, with a closed part", async () => {
    const { orchestrators, providers } = harness.connection;
    const providerUrl = providers.cloudflare?.url ?? "";
    const place = { fetch: realFetch, now: Date.now, vault: createMemoryVault() };
    const services = { ...place, sleep: async () => undefined };
    const ways = ["cloudflare", "cloudflare-oauth", "cloudflare-token"] as const;
    for (const id of ways) {
      const at = { id, provider: "cloudflare", providerUrl };
      const part = orchestrators[id];
      expect(openOrchestrator(part, at, services)?.id).toBe(id);
      expect(openOrchestrator({ ...part, more: "" }, at, services)).toBeUndefined();
      expect(
        openOrchestrator({ ...part, endpoint: "http://example.com" }, at, services),
      ).toBeUndefined();
      expect(openOrchestrator(part, { ...at, provider: "vercel" }, services)).toBeUndefined();
    }
  });

  it("ends no second consent when a server ends all with one token, and hands out no dead session", async () => {
    const email = "whole@example.com";
    await openBase(harness, email);
    let alive = "";
    const revoked: string[] = [];
    const fetching: Fetch = async (url, init) => {
      if (!url.endsWith("/revoke")) return fetch(url, init);
      revoked.push("one");
      // The whole consent: the refreshed token, too.
      const body = new URLSearchParams({ token: alive });
      await fetch(url, { ...init, body });
      return fetch(url, init);
    };
    const { orchestrator, decide } = openOauth(harness, undefined, async (url, init) => {
      const response = await fetching(url, init);
      if (!url.endsWith("/oauth2/token")) return response;
      const text = await response.text();
      alive = (JSON.parse(text) as { readonly access_token: string }).access_token;
      return new Response(text, { status: response.status });
    });
    const consent = () => consentTo({ orchestrator, decide }, email);
    expect(await orchestrator.refresh(await consent())).toMatchObject({ kind: "refused" });
    expect(revoked).toHaveLength(1);
    const refreshToken = await consent();
    const before = revoked.length;
    expect((await orchestrator.refresh(refreshToken)).kind).toBe("connected");
    expect(revoked).toHaveLength(before);
  });

  it("goes on with its refresh token when a refresh brings no other", async () => {
    const email = "kept@example.com";
    await openBase(harness, email);
    const sent: string[] = [];
    const { orchestrator, decide } = openOauth(harness, undefined, async (url, init) => {
      if (!url.endsWith("/oauth2/token")) return fetch(url, init);
      sent.push(new URLSearchParams(String(init?.body)).get("refresh_token") ?? "");
      const response = await fetch(url, init);
      const { refresh_token: rotated, ...rest } = (await response.json()) as {
        readonly refresh_token?: string;
      };
      const isRefresh = sent.at(-1) !== "";
      const body = isRefresh ? rest : { ...rest, refresh_token: rotated };
      return new Response(JSON.stringify(body), { status: response.status });
    });
    const first = await consentTo({ orchestrator, decide }, email);
    const again = await orchestrator.refresh(first);
    if (again.kind !== "connected") throw new Error(again.kind);
    expect(again.credentials.refreshToken?.reveal()).toBe(first.reveal());
    // Sent again, since it is the newest; that the sandbox has another one by now is its no.
    expect((await orchestrator.refresh(first)).kind).toBe("refused");
    expect(sent.filter((token) => token === first.reveal())).toHaveLength(2);
  });

  it("ends no replaced token before the new one was seen to open the account", async () => {
    const email = "both@example.com";
    await openBase(harness, email);
    let isDown = false;
    const revoked: string[] = [];
    const { orchestrator, decide } = openOauth(harness, undefined, async (url, init) => {
      if (url.endsWith("/revoke")) revoked.push(url);
      const isLost = isDown && new URL(url).pathname.endsWith("/accounts");
      return isLost ? new Response("", { status: 503 }) : fetch(url, init);
    });
    const refreshToken = await consentTo({ orchestrator, decide }, email);
    isDown = true;
    expect((await orchestrator.refresh(refreshToken)).kind).toBe("unknown");
    expect(revoked).toEqual([]);
    isDown = false;
    expect((await orchestrator.requestAccount(newRequest(email))).kind).toBe("connected");
  });

  it("refreshes an expired session, and asks nobody anew before it is given back", async () => {
    const email = "away@example.com";
    await openBase(harness, email);
    let ahead = 0;
    let isDown = false;
    const { orchestrator, decide } = openOauth(
      harness,
      undefined,
      async (url, init) => {
        if (isDown && url.endsWith("/revoke")) return new Response("", { status: 503 });
        const isNo = isDown && url.endsWith("/oauth2/token");
        return isNo
          ? new Response(JSON.stringify({ error: "invalid_grant" }), { status: 400 })
          : fetch(url, init);
      },
      () => Date.now() + ahead,
    );
    const first = await consentTo({ orchestrator, decide }, email);
    ahead = 2 * 3_600_000;
    const request = newRequest(email);
    const again = await orchestrator.requestAccount(request);
    if (again.kind !== "connected") throw new Error(again.kind);
    expect(again.credentials.refreshToken?.reveal()).not.toBe(first.reveal());
    ahead *= 2;
    isDown = true;
    const unconfirmed = { kind: "unknown", code: "not_confirmed" };
    expect(await orchestrator.requestAccount(request)).toEqual(unconfirmed);
    expect(await orchestrator.requestAccount(request)).toEqual(unconfirmed);
  });

  it("sends no refresh token a second time after a lost answer", async () => {
    const email = "lost@example.com";
    await openBase(harness, email);
    let lost: "no" | "answer" | "request" = "no";
    let sent = 0;
    const { orchestrator, decide } = openOauth(harness, undefined, async (url, init) => {
      if (!url.endsWith("/oauth2/token") || lost === "no") return fetch(url, init);
      sent += 1;
      if (lost === "request") throw Object.assign(new Error("down"), { code: "ECONNREFUSED" });
      await fetch(url, init);
      return new Response("", { status: 503 });
    });
    const refreshToken = await consentTo({ orchestrator, decide }, email);
    lost = "request";
    expect(await orchestrator.refresh(refreshToken)).toMatchObject({ code: "unreachable" });
    lost = "answer";
    expect((await orchestrator.refresh(refreshToken)).kind).toBe("unknown");
    // What is left of the session goes on, and stays marked.
    expect((await orchestrator.requestAccount(newRequest(email))).kind).toBe("connected");
    expect(await orchestrator.refresh(refreshToken)).toMatchObject({ code: "invalid_grant" });
    expect(sent).toBe(2);
  });

  it("gives back what it keeps of a request that is over", async () => {
    const email = "elsewhere@example.com";
    await openBase(harness, email);
    const { orchestrator, decide } = openOauth(harness);
    const refreshToken = await consentTo({ orchestrator, decide }, email);
    const { requestId } = newRequest(email);
    for (let times = 0; times < 2; times++)
      expect(await orchestrator.dropRequest?.(requestId)).toEqual({ kind: "ended" });
    expect((await orchestrator.refresh(refreshToken)).kind).toBe("refused");
    expect((await orchestrator.requestAccount(newRequest(email))).kind).toBe("consent");
  });

  it("makes no second temporary account before a lost one must be gone", async () => {
    let now = Date.now();
    const { endpoint } = harness.connection.cloudflare;
    const options = { endpoint, fetch: realFetch, now: () => now, vault: createMemoryVault() };
    const request = newRequest("nobody@example.com");
    const unasked = createTemporaryAccounts(options);
    expect(await unasked.requestAccount(request)).toMatchObject({
      kind: "refused",
      code: "terms_not_accepted",
    });
    const temporary = createTemporaryAccounts({ ...options, accepted: ACCEPTED });
    const count = async () => (await harness.books()).accounts.length;
    const before = await count();
    await harness.fault("drop-after", "POST", "/provisioning/previews$");
    expect((await temporary.requestAccount(request)).kind).toBe("unknown");
    expect((await temporary.requestAccount(request)).kind).toBe("unknown");
    expect(await count()).toBe(before + 1);
    now += 3_600_001;
    expect((await temporary.requestAccount(request)).kind).toBe("connected");
    expect(await count()).toBe(before + 2);
  });

  it("works no harder than the reference client does", async () => {
    const seed = Buffer.alloc(32, 7).toString("base64url");
    expect(await solveChallenge({ seed, k: 1000, g: 64_001 })).toBeUndefined();
    expect(await solveChallenge({ seed, k: 0, g: 2000 })).toBeUndefined();
    expect(await solveChallenge({ seed: "AAAA", k: 10, g: 20 })).toBeUndefined();
    const solved = await solveChallenge({ seed, k: 3, g: 2 });
    expect(Buffer.from(solved ?? "", "base64")).toHaveLength(4 * 32);
  });
});
