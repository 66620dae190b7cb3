import { type createPrivateKey, generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createStripeIssuer } from "../../src/adapters/issuers/stripe/client.ts";
import { createAppOrchestrator } from "../../src/adapters/orchestrators/app/client.ts";
import { createSelfOrchestrator } from "../../src/adapters/orchestrators/self/client.ts";
import self from "../../src/adapters/orchestrators/self/index.ts";
import type { Fetch } from "../../src/util/fetch-json.ts";
import { Secret } from "../../src/util/secret.ts";
import { createBrowser } from "./browser.ts";
import { createMemoryVault } from "./memory-vault.ts";
import { testOrchestrator } from "./orchestrator-suite.ts";
import { type SandboxHarness, startHarness } from "./sandbox-harness.ts";

const realFetch: Fetch = (url, init) => fetch(url, init);

function readOidc({ connection }: SandboxHarness) {
  const { self: oidc } = connection.orchestrators;
  const provider = connection.providers.cloudflare;
  if (provider === undefined) throw new Error("the sandbox has no such thing");
  return { oidc, provider };
}

function openSelf(harness: SandboxHarness, change: object = {}, vault = createMemoryVault()) {
  const { oidc, provider } = readOidc(harness);
  return createSelfOrchestrator(
    { ...oidc, providerUrl: provider.url, ...change },
    { fetch: realFetch, vault, now: Date.now },
  );
}

/** An account that came to be through another orchestrator. */
async function makeAccount({ connection }: SandboxHarness, email: string): Promise<string> {
  const { account, signingSecret } = connection.identities.stripe;
  const stripe = createAppOrchestrator(
    {
      orchestrator: "stripe",
      orchestratorAccount: account,
      signingSecret,
      providerUrl: connection.providers.cloudflare?.url ?? "",
    },
    { fetch: realFetch, now: Date.now },
  );
  const answer = await stripe.requestAccount(newRequest(email));
  return answer.kind === "connected" ? answer.credentials.accountId : answer.kind;
}

function newRequest(email: string) {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  return { requestId: `areq ${email}`, email, name: "Shop", expiresAt };
}

testOrchestrator(
  "self, against the embedded identity provider",
  self,
  async () => {
    const harness = await startHarness();
    const { stripe } = harness.connection.issuers;
    const { provider } = readOidc(harness);
    const issuer = createStripeIssuer(stripe, { fetch: realFetch });
    const strangerKey = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
    let tokens = 0;
    return {
      orchestrator: openSelf(harness),
      stranger: openSelf(harness, { clientKey: strangerKey }),
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
      makeAccount: (email) => makeAccount(harness, email),
      lose: (call, how) =>
        harness.fault(
          how === "answer" ? "status500-after" : "status500",
          "POST",
          call === "account" ? "/providers/cloudflare/oauth/token$" : "/provisioning/resources$",
        ),
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
  },
  { "exchanges a code for the account": "an assertion is redeemed, there is no code" },
);

describe("an identity provider of one's own", () => {
  let harness: SandboxHarness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.close());

  it("lets a person sign in with a browser, and remembers it", async () => {
    const vault = createMemoryVault();
    const orchestrator = openSelf(harness, { signIn: "device" }, vault);
    const request = newRequest("ada@example.com");
    const answer = await orchestrator.requestAccount(request);
    if (answer.kind !== "consent") throw new Error(answer.kind);
    expect(await orchestrator.requestAccount(request)).toEqual(answer);
    await createBrowser().signIn(answer.url, "ada@example.com");
    // Another process goes on with it.
    const later = openSelf(harness, { signIn: "device" }, vault);
    expect((await later.requestAccount(request)).kind).toBe("connected");
    expect((await later.requestAccount(request)).kind).toBe("connected");
    expect(vault.names()).toContain(sessionOf("ada@example.com"));
  });

  const sessionOf = (email: string): string => {
    const { issuer, clientId } = readOidc(harness).oidc;
    return `session/${[issuer, clientId, email].map(encodeURIComponent).join("/")}`;
  };

  it("revokes and forgets a person's sign-in", async () => {
    const vault = createMemoryVault();
    const orchestrator = openSelf(harness, { signIn: "device" }, vault);
    const request = newRequest("left@example.com");
    const answer = await orchestrator.requestAccount(request);
    if (answer.kind !== "consent") throw new Error(answer.kind);
    await createBrowser().signIn(answer.url, "left@example.com");
    expect((await orchestrator.requestAccount(request)).kind).toBe("connected");
    const session = sessionOf("left@example.com");
    const token = await vault.read(session);
    await harness.fault("status500", "POST", "/oidc/token/revocation$");
    expect(await orchestrator.endSignIn?.("left@example.com")).toEqual({
      kind: "unknown",
      code: "not_confirmed",
    });
    expect(vault.names()).toContain(session);
    expect(await orchestrator.endSignIn?.("left@example.com")).toEqual({ kind: "ended" });
    expect(vault.names()).not.toContain(session);
    // Whoever has a copy of it signs in with it no more.
    await vault.write(session, token);
    expect((await orchestrator.requestAccount(request)).kind).toBe("consent");
  });

  it("answers with a mismatch when somebody else signs in, and with a refusal", async () => {
    const orchestrator = openSelf(harness, { signIn: "device" });
    const request = newRequest("grace@example.com");
    const first = await orchestrator.requestAccount(request);
    if (first.kind !== "consent") throw new Error(first.kind);
    await createBrowser().signIn(first.url, "mallory@example.com");
    expect(await orchestrator.requestAccount(request)).toMatchObject({
      kind: "refused",
      code: "email_mismatch",
    });
    const second = await orchestrator.requestAccount(request);
    if (second.kind !== "consent") throw new Error(second.kind);
    expect(second.url).not.toBe(first.url);
    await createBrowser().refuse(second.url);
    expect(await orchestrator.requestAccount(request)).toMatchObject({
      kind: "refused",
      code: "access_denied",
    });
    expect((await harness.books()).accounts.map(({ email }) => email)).not.toContain(
      "grace@example.com",
    );
  });

  it("vouches for no address that was not verified", async () => {
    const orchestrator = openSelf(harness, { signIn: "device" });
    const request = newRequest("unverified@example.com");
    const answer = await orchestrator.requestAccount(request);
    if (answer.kind !== "consent") throw new Error(answer.kind);
    await createBrowser().signIn(answer.url, "unverified@example.com");
    expect((await orchestrator.requestAccount(request)).kind).toBe("refused");
    expect((await harness.books()).accounts.map(({ email }) => email)).not.toContain(
      "unverified@example.com",
    );
  });

  it("that is away is a definite no: nothing was made", async () => {
    const orchestrator = openSelf(harness);
    for (const path of ["/.well-known/openid-configuration$", "/oidc/token$"]) {
      await harness.fault("drop-after", path.includes("token") ? "POST" : "GET", path);
      expect(await orchestrator.requestAccount(newRequest("down@example.com"))).toEqual({
        kind: "refused",
        code: "unreachable",
        unsent: true,
      });
    }
  });

  it("opens an existing account without a question where the provider trusts verified addresses", async () => {
    const known = await makeAccount(harness, "linus@example.com");
    await harness.settings("cloudflare", { linksVerifiedEmails: true });
    const answer = await openSelf(harness).requestAccount({
      ...newRequest("linus@example.com"),
      mode: "link",
    });
    expect(answer).toMatchObject({ kind: "connected", credentials: { accountId: known } });
    await harness.settings("cloudflare", { linksVerifiedEmails: false });
  });

  it("binds its tokens to a key: another one's proof, a plain bearer and a repeated proof are refused", async () => {
    const mine = openSelf(harness);
    const answer = await mine.requestAccount(newRequest("bound@example.com"));
    if (answer.kind !== "connected") throw new Error(answer.kind);
    const { accessToken, refreshToken } = answer.credentials;
    const look = { accessToken, id: "res_0000" };
    expect(await mine.readResource(look)).toEqual({ kind: "absent" });
    const thief = openSelf(harness);
    expect((await thief.readResource(look)).kind).toBe("unknown");
    if (refreshToken === undefined) throw new Error("no refresh token");
    expect((await thief.refresh(refreshToken)).kind).toBe("refused");
    const url = `${readOidc(harness).provider.url}/provisioning/resources/res_0000`;
    const plain = await fetch(url, {
      headers: { Authorization: `Bearer ${accessToken.reveal()}`, "API-Version": "0.1d" },
    });
    expect(plain.status).toBe(401);
    let copied: RequestInit = {};
    const vault = createMemoryVault();
    const { oidc, provider } = readOidc(harness);
    const watched = createSelfOrchestrator(
      { ...oidc, providerUrl: provider.url },
      {
        fetch: (to, init) => {
          copied = init;
          return fetch(to, init);
        },
        vault,
        now: Date.now,
      },
    );
    const own = await watched.requestAccount(newRequest("replayed@example.com"));
    if (own.kind !== "connected") throw new Error(own.kind);
    await watched.readResource({ accessToken: own.credentials.accessToken, id: "res_0000" });
    expect((await fetch(url, copied)).status).toBe(401);
  });

  describe("that is replaced by another one", () => {
    const OTHER = "https://idp.example";
    /** Another identity provider, which writes down what it is sent. */
    function createOther(device: object = {}) {
      const seen: { readonly url: string; readonly body: string }[] = [];
      const answer: Fetch = async (url, init) => {
        if (!url.startsWith(OTHER)) return fetch(url, init);
        seen.push({ url, body: String(init.body ?? "") });
        if (url.endsWith("/.well-known/openid-configuration"))
          return Response.json({
            issuer: OTHER,
            token_endpoint: `${OTHER}/token`,
            revocation_endpoint: `${OTHER}/revoke`,
            device_authorization_endpoint: `${OTHER}/device`,
          });
        if (!url.endsWith("/device"))
          return Response.json({ error: "invalid_grant" }, { status: 400 });
        return Response.json({
          ...{ device_code: "device-of-b", verification_uri: `${OTHER}/go`, expires_in: 600 },
          ...device,
        });
      };
      return { seen, answer };
    }

    function openAt(
      vault: ReturnType<typeof createMemoryVault>,
      fetch: Fetch,
      change: object = {},
    ) {
      const { oidc, provider } = readOidc(harness);
      return createSelfOrchestrator(
        { ...oidc, issuer: OTHER, providerUrl: provider.url, signIn: "device", ...change },
        { fetch, vault, now: Date.now },
      );
    }

    it("shows it nothing that the first one gave: no refresh token, no code, no key", async () => {
      const vault = createMemoryVault();
      const first = openSelf(harness, { signIn: "device" }, vault);
      const [kept, begun] = [newRequest("kept@example.com"), newRequest("begun@example.com")];
      const asked = await first.requestAccount(kept);
      if (asked.kind !== "consent") throw new Error(asked.kind);
      await createBrowser().signIn(asked.url, "kept@example.com");
      expect((await first.requestAccount(kept)).kind).toBe("connected");
      expect((await first.requestAccount(begun)).kind).toBe("consent");
      const held = await Promise.all(vault.names().map((name) => vault.read(name)));
      expect(held.length).toBeGreaterThan(2);

      const { seen, answer } = createOther();
      const second = openAt(vault, answer);
      for (const request of [kept, begun])
        expect(await second.requestAccount(request)).toMatchObject({
          kind: "consent",
          url: `${OTHER}/go`,
        });
      expect(await second.endSignIn?.("kept@example.com")).toEqual({ kind: "ended" });
      const sent = seen.map(({ url, body }) => `${url} ${body}`).join("\n");
      expect(sent).not.toMatch(/\/token|\/revoke/);
      for (const secret of held) expect(sent).not.toContain(secret?.reveal());
      // The first one's are there still, and end there.
      expect((await first.requestAccount(kept)).kind).toBe("connected");
      expect(await first.endSignIn?.("kept@example.com")).toEqual({ kind: "ended" });
    });

    it("nor does another client of the same one use them, or either the other's key", async () => {
      const vault = createMemoryVault();
      const { answer } = createOther();
      const email = "same@example.com";
      for (const change of [{}, { clientId: "another" }, { issuer: readOidc(harness).oidc.issuer }])
        await openAt(vault, answer, change).requestAccount(newRequest(email));
      const device = vault.names().filter((name) => name.startsWith("device/"));
      expect(new Set(device).size).toBe(3);
      for (const change of [{}, { clientId: "another" }])
        await openAt(vault, answer, change).readResource({
          accessToken: new Secret("not-a-token-of-anybody"),
          id: "res_0000",
        });
      expect(vault.names().filter((name) => name.startsWith("dpop/"))).toHaveLength(2);
    });

    it.each([1e18, Number.MAX_VALUE, 0, -5, 315_360_001])(
      "is not believed a sign-in of %s seconds",
      async (expires_in) => {
        const { answer } = createOther({ expires_in });
        const asked = openAt(createMemoryVault(), answer).requestAccount(
          newRequest("long@example.com"),
        );
        expect(await asked).toEqual({ kind: "refused", code: "unreachable", unsent: true });
      },
    );
  });

  describe("an ID-JAG", () => {
    /** What the identity provider would sign, with something wrong about it; answers with the provider's error. */
    async function redeem(change: {
      readonly claims?: object;
      readonly typ?: string;
      readonly key?: ReturnType<typeof createPrivateKey>;
    }): Promise<string> {
      const seen: URLSearchParams[] = [];
      const { oidc, provider } = readOidc(harness);
      const swap: Fetch = async (url, init) => {
        const form = init.body instanceof URLSearchParams ? init.body : undefined;
        if (form?.has("assertion") === true && url.startsWith(provider.url)) {
          seen.push(form);
          form.set("assertion", await forge(form.get("assertion") ?? "", change));
        }
        return fetch(url, init);
      };
      const orchestrator = createSelfOrchestrator(
        { ...oidc, providerUrl: provider.url },
        { fetch: swap, vault: createMemoryVault(), now: Date.now },
      );
      const answer = await orchestrator.requestAccount(newRequest("forged@example.com"));
      expect(seen).toHaveLength(1);
      return answer.kind === "refused" ? answer.code : answer.kind;
    }

    async function forge(
      genuine: string,
      { claims, typ = "oauth-id-jag+jwt", key }: Parameters<typeof redeem>[0],
    ): Promise<string> {
      if (claims === undefined && key === undefined && typ === "oauth-id-jag+jwt") return genuine;
      const payload = JSON.parse(
        Buffer.from(genuine.split(".")[1] ?? "", "base64url").toString("utf8"),
      );
      // The provider knows the issuer's key only, so whatever is changed is signed with another one.
      const signer = key ?? generateKeyPairSync("ed25519").privateKey;
      return new SignJWT({ ...payload, ...claims })
        .setProtectedHeader({ alg: "EdDSA", typ })
        .sign(signer);
    }

    it("that is genuine is taken", async () => {
      expect(await redeem({})).toBe("connected");
    });

    it("signed by anybody else is refused", async () => {
      expect(await redeem({ claims: { email: "victim@example.com" } })).toBe("invalid_grant");
    });

    it("is good for one use, one provider and one key", async () => {
      const { oidc, provider } = readOidc(harness);
      const stolen: string[] = [];
      const orchestrator = createSelfOrchestrator(
        { ...oidc, providerUrl: provider.url },
        {
          fetch: (url, init) => {
            const form = init.body instanceof URLSearchParams ? init.body : undefined;
            if (form?.has("assertion") === true) stolen.push(form.get("assertion") ?? "");
            return fetch(url, init);
          },
          vault: createMemoryVault(),
          now: Date.now,
        },
      );
      await orchestrator.requestAccount(newRequest("once@example.com"));
      const neon = harness.connection.providers.neon;
      if (neon === undefined) throw new Error("the sandbox has no neon");
      for (const providerUrl of [provider.url, neon.url]) {
        const thief = createSelfOrchestrator(
          { ...oidc, providerUrl },
          {
            fetch: (url, init) => {
              const form = init.body instanceof URLSearchParams ? init.body : undefined;
              if (form?.has("assertion") === true) form.set("assertion", stolen[0] ?? "");
              return fetch(url, init);
            },
            vault: createMemoryVault(),
            now: Date.now,
          },
        );
        expect(await thief.requestAccount(newRequest("thief@example.com"))).toMatchObject({
          kind: "refused",
          code: "invalid_grant",
          unsent: true,
        });
      }
    });
  });
});
