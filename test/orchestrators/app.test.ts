import { createHash, createHmac, generateKeyPairSync, verify } from "node:crypto";
import { type AddressInfo, createServer } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createStripeIssuer } from "../../src/adapters/issuers/stripe/client.ts";
import { createAppOrchestrator } from "../../src/adapters/orchestrators/app/client.ts";
import type { AppConnection } from "../../src/adapters/orchestrators/app/connection.ts";
import app from "../../src/adapters/orchestrators/app/index.ts";
import { openOrchestrator } from "../../src/adapters/orchestrators/app/open-orchestrator.ts";
import type { Fetch } from "../../src/util/fetch-json.ts";
import { Secret } from "../../src/util/secret.ts";
import { type OrchestratorSubject, testOrchestrator } from "./orchestrator-suite.ts";
import { startHarness } from "./sandbox-harness.ts";

const realFetch: Fetch = (url, init) => fetch(url, init);

/** Who signs with a key as well, and binds codes to itself, at a provider that takes no less. */
testOrchestrator("app with both signatures and PKCE, against the sandbox", app, () => open(true));
testOrchestrator("app, against the sandbox", app, () => open(false));

async function open(isKeyed: boolean): Promise<OrchestratorSubject> {
  const harness = await startHarness();
  if (isKeyed) await harness.settings("cloudflare", { needsSignatureV2: true });
  const { orchestrators, providers, issuers } = harness.connection;
  const { stripe } = issuers;
  const provider = providers.cloudflare;
  if (provider === undefined) throw new Error("the sandbox has no such provider");
  const { account: orchestratorAccount, signingSecret, ...keyed } = orchestrators.stripe;
  const sign = (secret: string) =>
    createAppOrchestrator(
      {
        ...{ orchestrator: "stripe", orchestratorAccount, signingSecret: secret },
        ...(isKeyed ? keyed : {}),
        providerUrl: provider.url,
      },
      { fetch: realFetch, now: Date.now },
    );
  const issuer = createStripeIssuer(stripe, { fetch: realFetch });
  let tokens = 0;
  return {
    orchestrator: sign(signingSecret),
    stranger: sign("another secret"),
    async makeAccount(email) {
      const answer = await sign(signingSecret).requestAccount({
        ...{ requestId: `before ${email}`, email, name: "Before" },
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      });
      return answer.kind === "connected" ? answer.credentials.accountId : "";
    },
    free: { service: "workers:free", config: {} },
    paid: { service: "r2:bucket", config: { name: "media" } },
    async mintPaymentToken() {
      tokens += 1;
      const answer = await issuer.issue({
        key: `key-${tokens}`,
        payee: provider.sellerProfile,
        cap: { currency: "USD", minor: 5000n },
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      });
      if (answer.kind !== "issued") throw new Error(answer.code);
      return answer.token;
    },
    lose: (call, how) =>
      harness.fault(
        how === "answer" ? "status500-after" : "status500",
        "POST",
        call === "account" ? "/provisioning/account_requests$" : "/provisioning/resources$",
      ),
    useCodes: () => harness.settings("cloudflare", { accountAnswer: "oauth" }),
    async consent(url, decision) {
      const state = new URL(url).searchParams.get("state") ?? "";
      await fetch(`${new URL(url).origin}/providers/cloudflare/authorize/confirm`, {
        method: "POST",
        redirect: "manual",
        body: new URLSearchParams({ state, decision }),
      });
    },
    async count(what) {
      const books = await harness.books();
      return what === "accounts" ? books.accounts.length : books.serviceInstances.length;
    },
    close: harness.close,
  };
}

const connection = {
  orchestrator: "stripe",
  orchestratorAccount: "acct_1",
  signingSecret: "whsec_test",
  providerUrl: "https://provider.example/app",
};
const request = {
  requestId: "areq_1",
  email: "person@example.com",
  name: "Shop",
  expiresAt: "2026-11-11T00:00:00Z",
};

function answerWith(status: number, body: unknown, change: Partial<AppConnection> = {}) {
  const sent: { readonly url: string; readonly init: RequestInit }[] = [];
  const fake: Fetch = async (url, init) => {
    sent.push({ url, init });
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
  };
  const orchestrator = createAppOrchestrator(
    { ...connection, ...change },
    { fetch: fake, now: () => 1_700_000_000_123 },
  );
  return { orchestrator, sent };
}

describe("what it sends", () => {
  it("signs time and body and names the version", async () => {
    const { orchestrator, sent } = answerWith(200, {});
    await orchestrator.requestAccount(request);
    const { url, init } = sent[0] ?? { url: "", init: {} };
    const headers = init.headers as Readonly<Record<string, string>>;
    const mac = createHmac("sha256", "whsec_test")
      .update(`1700000000.${String(init.body)}`)
      .digest("hex");
    expect(url).toBe("https://provider.example/app/provisioning/account_requests");
    expect(headers["Stripe-Signature"]).toBe(`t=1700000000,v1=${mac}`);
    expect(headers["API-Version"]).toBe("0.1d");
    expect(JSON.parse(String(init.body))).toMatchObject({
      id: "areq_1",
      object: "account_request",
      client_capabilities: ["browser"],
      orchestrator: { type: "stripe", stripe: { account: "acct_1" } },
    });
  });

  it("signs method, address and body with a key as well, for five minutes", async () => {
    const pair = generateKeyPairSync("ed25519");
    const signingKey = pair.privateKey.export({ format: "jwk" });
    const { orchestrator, sent } = answerWith(200, {}, { keyId: "kid_1", signingKey });
    await orchestrator.requestAccount(request);
    const { url, init } = sent[0] ?? { url: "", init: {} };
    const headers = init.headers as Readonly<Record<string, string>>;
    const [head, claims, signature] = (headers["Stripe-Signature-V2"] ?? "").split(".");
    const read = (part = "") => JSON.parse(Buffer.from(part, "base64url").toString()) as unknown;
    expect(read(head)).toEqual({ alg: "EdDSA", typ: "JWT", kid: "kid_1" });
    expect(read(claims)).toEqual({
      ...{ version: 1, htm: "POST", url, exp: 1_700_000_300 },
      digest: createHash("sha256").update(String(init.body)).digest("base64url"),
    });
    const bytes = Buffer.from(signature ?? "", "base64url");
    expect(verify(null, Buffer.from(`${head}.${claims}`), pair.publicKey, bytes)).toBe(true);
  });

  it("binds a code to itself where providers know it by name, with another secret for each request", async () => {
    const { orchestrator, sent } = answerWith(
      200,
      { type: "oauth", oauth: { code: "code-1" } },
      { clientId: "supercargo" },
    );
    await orchestrator.requestAccount(request);
    await orchestrator.requestAccount({ ...request, requestId: "areq_2" });
    const [asked, exchanged, , other] = sent.map(({ init }) => String(init.body));
    const verifier = new URLSearchParams(exchanged).get("code_verifier") ?? "";
    expect(verifier).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(JSON.parse(asked ?? "")).toMatchObject({
      client_id: "supercargo",
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
    });
    expect(asked).not.toContain(verifier);
    expect(new URLSearchParams(other).get("code_verifier")).not.toBe(verifier);
  });

  it("repeats a request byte for byte", async () => {
    const { orchestrator, sent } = answerWith(200, {});
    await orchestrator.requestAccount(request);
    await orchestrator.requestAccount(request);
    expect(sent[0]?.init.body).toBe(sent[1]?.init.body);
  });
});

const answers: readonly [string, number, unknown, string][] = [
  [
    "an error of the protocol",
    400,
    { type: "error", error: { code: "invalid_request", message: "no" } },
    "refused",
  ],
  ["a server error", 500, { error: { code: "server_error", message: "no" } }, "unknown"],
  ["a refusal with a 5xx", 503, { type: "error", error: { code: "invalid_request" } }, "unknown"],
  ["too many requests", 429, { type: "error", error: { code: "rate_limited" } }, "unknown"],
  ["a conflict", 409, { status: "error", error: { code: "idempotency_conflict" } }, "unknown"],
  ["a refusal without a form", 403, "<html>Forbidden</html>", "unknown"],
  ["a redirect", 302, "", "unknown"],
  ["nothing", 200, "", "unknown"],
  ["a text", 200, "ok", "unknown"],
  ["another type", 200, { type: "party" }, "unknown"],
  [
    "credentials without a token",
    200,
    { type: "credentials", credentials: { bearer: {} } },
    "unknown",
  ],
  ["a token that never ends", 200, bearer({ expires_in: 1e99 }), "unknown"],
  ["a token that has ended", 200, bearer({ expires_in: 0 }), "unknown"],
  ["a token with a line break", 200, bearer({ access_token: "abcdefgh\r\nX-Evil: 1" }), "unknown"],
  ["an account id of another form", 200, bearer({ account: { id: "../../x" } }), "unknown"],
  ["a script for consent", 200, consentAt("javascript:alert(1)"), "unknown"],
  ["a plain page for consent", 200, consentAt("http://provider.example/consent"), "unknown"],
  [
    "a page with a password for consent",
    200,
    consentAt("https://u:p@provider.example/"),
    "unknown",
  ],
  ["a page for consent", 200, consentAt("https://provider.example/consent?state=1"), "consent"],
  ["credentials", 200, bearer({}), "connected"],
];

function bearer(change: object): unknown {
  const whole = {
    access_token: "access-token",
    refresh_token: "refresh-token",
    expires_in: 3600,
    account: { id: "acct_9", payment_credentials: "orchestrator" },
    ...change,
  };
  return { type: "credentials", credentials: { type: "bearer", bearer: whole } };
}

function consentAt(url: string): unknown {
  return { type: "requires_auth", requires_auth: { type: "redirect", redirect: { url } } };
}

describe("its part of a connection", () => {
  const place = { id: "stripe", provider: "cloudflare", providerUrl: "https://provider.example" };
  const services = {
    ...{ fetch: realFetch, now: Date.now, sleep: async () => undefined },
    vault: { read: async () => undefined, write: async () => undefined },
  };
  const part = { account: "acct_1", signingSecret: "whsec_test" };
  const signingKey = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });

  it("is taken with a whole key and without one", () => {
    expect(openOrchestrator(part, place, services)?.id).toBe("stripe");
    const keyed = { ...part, keyId: "kid_1", signingKey };
    expect(openOrchestrator(keyed, place, services)?.id).toBe("stripe");
  });

  it.each([
    ["a key that is none", { keyId: "kid_1", signingKey: { ...signingKey, d: "abc" } }],
    ["a public key", { keyId: "kid_1", signingKey: { ...signingKey, d: undefined } }],
    ["a key without its id", { signingKey }],
    ["another member", { more: 1 }],
  ])("is left out with %s, and nothing throws", (_, change) => {
    expect(openOrchestrator({ ...part, ...change }, place, services)).toBeUndefined();
  });
});

describe("what it makes of answers", () => {
  it.each(answers)("%s", async (_, status, body, kind) => {
    const { orchestrator } = answerWith(status, body);
    expect((await orchestrator.requestAccount(request)).kind).toBe(kind);
  });

  it("never takes a failed look for an absence or a refusal", async () => {
    for (const [status, body] of [
      [404, "<html>"],
      [401, { error: { code: "invalid_signature", message: "no" } }],
      [403, { status: "error", id: "x", error: { code: "forbidden", message: "no" } }],
      [500, {}],
    ] as const) {
      const { orchestrator } = answerWith(status, body);
      const look = { accessToken: new Secret("token-token"), id: "res_1" };
      expect((await orchestrator.readResource(look)).kind).toBe("unknown");
      expect((await orchestrator.removeResource(look)).kind).toBe("unknown");
    }
  });

  it("neither throws nor connects for any JSON", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.json(),
        fc.constantFrom(200, 202, 400, 404, 500),
        async (body, status) => {
          const { orchestrator } = answerWith(status, body);
          const answer = await orchestrator.requestAccount(request);
          expect(["refused", "unknown"]).toContain(answer.kind);
          const input = {
            accessToken: new Secret("token-token"),
            resourceId: "r",
            service: "s",
            config: {},
          };
          const created = await orchestrator.createResource(input);
          expect(["refused", "unknown"]).toContain(created.kind);
        },
      ),
    );
  });

  it("tells a provider that cannot be reached from one that does not answer", async () => {
    const unreachable = createAppOrchestrator(
      { ...connection, providerUrl: `http://127.0.0.1:${await findClosedPort()}` },
      { fetch: realFetch, now: Date.now },
    );
    expect(await unreachable.requestAccount(request)).toEqual({
      kind: "refused",
      code: "unreachable",
    });
    const hanging: Fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      });
    const slow = createAppOrchestrator(connection, { fetch: hanging, now: Date.now, timeout: 20 });
    expect(await slow.requestAccount(request)).toEqual({ kind: "unknown", code: "timeout" });
  });
});

async function findClosedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
