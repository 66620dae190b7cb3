import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { connectProvider } from "./support/provider-client.ts";
import { startTestSandbox } from "./support/test-sandbox.ts";

async function start() {
  const sandbox = await startTestSandbox();
  return { sandbox, client: await connectProvider(sandbox) };
}

describe("an account request", () => {
  it("makes an account for a new e-mail address and answers with credentials", async () => {
    const { sandbox, client } = await start();
    const answer = await client.requestAccount({
      id: "areq_a",
      email: "Ann@example.com",
      name: "Ann",
    });
    expect(answer).toEqual({
      status: 200,
      body: {
        type: "credentials",
        credentials: {
          type: "bearer",
          bearer: {
            access_token: expect.stringMatching(/^[0-9A-Za-z\-_]{40,80}$/),
            refresh_token: expect.stringMatching(/^aprt_cnry[0-9a-f]{44}$/),
            expires_in: 30 * 86_400,
            account: {
              id: expect.stringMatching(/^[0-9a-f]{32}$/),
              payment_credentials: "orchestrator",
            },
          },
        },
      },
    });
    const { bearer } = answer.body.credentials;
    const books = await sandbox.books();
    expect(books.accounts).toMatchObject([
      {
        provider: "acme",
        accountId: bearer.account.id,
        email: "ann@example.com",
        name: "Ann",
        requestId: "areq_a",
        orchestrator: "stripe",
        closed: false,
      },
    ]);
    expect(books.accessTokens).toMatchObject([
      {
        kind: "bearer",
        status: "active",
        valueHash: createHash("sha256").update(bearer.access_token).digest("hex"),
      },
    ]);
    expect(JSON.stringify(books)).not.toContain(bearer.access_token);
  });

  it("answers a repetition with the same account and credentials, after a restart too", async () => {
    const { sandbox, client } = await start();
    const request = { id: "areq_a", email: "a@example.com" };
    const first = await client.requestAccount(request);
    const second = await client.requestAccount(request);
    expect(second.body.credentials.bearer.access_token).toBe(
      first.body.credentials.bearer.access_token,
    );
    await sandbox.close();
    const again = await startTestSandbox({ home: sandbox.home });
    const third = await (await connectProvider(again)).requestAccount(request);
    expect(third.body.credentials.bearer.refresh_token).toBe(
      first.body.credentials.bearer.refresh_token,
    );
    expect((await again.books()).accounts).toHaveLength(1);
    expect((await again.books()).accessTokens).toHaveLength(1);
  });

  it("answers a repetition with new credentials when the old ones are used up or expired", async () => {
    const { sandbox, client } = await start();
    const request = { id: "areq_a", email: "a@example.com" };
    const first = (await client.requestAccount(request)).body.credentials.bearer;
    await client.exchange({ grant_type: "refresh_token", refresh_token: first.refresh_token });
    const second = (await client.requestAccount(request)).body.credentials.bearer;
    expect(second.access_token).not.toBe(first.access_token);
    await sandbox.advance(31 * 86_400_000);
    const third = (await client.requestAccount(request)).body.credentials.bearer;
    expect(third.access_token).not.toBe(second.access_token);
    expect(third.account.id).toBe(first.account.id);
    expect((await sandbox.books()).accessTokens.map(({ status }) => status)).toEqual([
      "expired",
      "expired",
      "expired",
      "active",
    ]);
  });

  it("refuses the same id for another e-mail address", async () => {
    const { sandbox, client } = await start();
    await client.requestAccount({ id: "areq_a", email: "a@example.com" });
    expect(await client.requestAccount({ id: "areq_a", email: "b@example.com" })).toMatchObject({
      status: 409,
      body: { type: "error", id: "areq_a", error: { code: "invalid_request" } },
    });
    expect((await sandbox.books()).accounts).toHaveLength(1);
  });

  it("keeps providers and orchestrators apart", async () => {
    const { sandbox, client } = await start();
    const other = await connectProvider(sandbox, "other.io");
    const request = { id: "areq_a", email: "a@example.com" };
    await client.requestAccount(request);
    expect((await other.requestAccount(request)).body.type).toBe("credentials");
    const self = await connectProvider(sandbox, "acme", "self");
    expect((await self.requestAccount(request)).body.type).toBe("requires_auth");
    expect((await sandbox.books()).accounts.map(({ provider }) => provider)).toEqual([
      "acme",
      "other.io",
    ]);
  });

  it.each([
    ["id", { id: undefined }],
    ["object", { object: "account" }],
    ["email", { email: "nobody" }],
    ["scopes", { scopes: "all" }],
    ["client_capabilities", { client_capabilities: undefined }],
    ["confirmation_secret", { confirmation_secret: "" }],
    ["expires_at", { expires_at: "tomorrow" }],
    ["orchestrator.type", { orchestrator: { type: "self", self: { account: "acct_1" } } }],
    [
      "orchestrator.stripe.account",
      { orchestrator: { type: "stripe", stripe: { account: "acct_1" } } },
    ],
    ["code_challenge_method", { code_challenge: "x", code_challenge_method: "plain" }],
  ])("is refused without a right %s", async (name, change) => {
    const { sandbox, client } = await start();
    const answer = await client.requestAccount(change);
    expect(answer).toMatchObject({
      status: 400,
      body: { type: "error", error: { code: "invalid_request" } },
    });
    expect(answer.body.error.message).toContain(name);
    expect((await sandbox.books()).accounts).toEqual([]);
  });

  it("is refused when it has expired by the sandbox's clock", async () => {
    const { sandbox, client } = await start();
    const expires_at = new Date(Date.now() + 60_000).toISOString();
    await sandbox.advance(61_000);
    expect((await client.requestAccount({ expires_at })).body.error.code).toBe(
      "account_request_expired",
    );
  });

  it("is refused when the provider is set to refuse", async () => {
    const { sandbox, client } = await start();
    await sandbox.admin("POST", "providers/acme", { refusesAccounts: true });
    expect(await client.requestAccount()).toMatchObject({
      status: 400,
      body: { type: "error", error: { code: "account_creation_failed" } },
    });
  });
});

describe("oauth/token", () => {
  it("exchanges the code of an oauth answer once", async () => {
    const { sandbox, client } = await start();
    await sandbox.admin("POST", "providers/acme", { accountAnswer: "oauth" });
    const answer = await client.requestAccount({ id: "areq_a", email: "a@example.com" });
    expect(answer.body).toEqual({
      type: "oauth",
      oauth: { code: expect.stringMatching(/^code_cnry/) },
    });
    const form = { grant_type: "authorization_code", code: answer.body.oauth.code };
    const first = await client.exchange(form);
    expect(first).toMatchObject({
      status: 200,
      body: {
        token_type: "bearer",
        expires_in: 2_592_000,
        account: { payment_credentials: "orchestrator" },
      },
    });
    expect(await client.exchange(form)).toEqual({ status: 400, body: { error: "invalid_grant" } });
    const repeated = await client.requestAccount({ id: "areq_a", email: "a@example.com" });
    expect(repeated.body.oauth.code).not.toBe(answer.body.oauth.code);
    expect((await sandbox.books()).accounts).toHaveLength(1);
  });

  it("lets a code live 300 seconds, for its orchestrator and provider alone", async () => {
    const { sandbox, client } = await start();
    for (const provider of ["acme", "other.io"])
      await sandbox.admin("POST", `providers/${provider}`, { accountAnswer: "oauth" });
    const codeOf = async () => (await client.requestAccount()).body.oauth.code as string;
    const grant = (code: string) => ({ grant_type: "authorization_code", code });
    const invalid = { status: 400, body: { error: "invalid_grant" } };
    const code = await codeOf();
    expect(await (await connectProvider(sandbox, "acme", "self")).exchange(grant(code))).toEqual(
      invalid,
    );
    expect(await (await connectProvider(sandbox, "other.io")).exchange(grant(code))).toEqual(
      invalid,
    );
    await sandbox.advance(299_000);
    expect((await client.exchange(grant(code))).status).toBe(200);
    const late = await codeOf();
    await sandbox.advance(300_001);
    expect(await client.exchange(grant(late))).toEqual(invalid);
  });

  it("checks the verifier when the request had a challenge", async () => {
    const { sandbox, client } = await start();
    await sandbox.admin("POST", "providers/acme", { accountAnswer: "oauth" });
    const code_challenge = createHash("sha256").update("the verifier").digest("base64url");
    const ask = { code_challenge, code_challenge_method: "S256" };
    const { code } = (await client.requestAccount(ask)).body.oauth;
    const grant = { grant_type: "authorization_code", code };
    for (const form of [grant, { ...grant, code_verifier: "another" }])
      expect((await client.exchange(form)).body).toEqual({ error: "invalid_grant" });
    expect((await client.exchange({ ...grant, code_verifier: "the verifier" })).status).toBe(200);
  });

  it("rotates refresh tokens, each good for one use", async () => {
    const { client } = await start();
    const { refresh, bearer } = await client.connect();
    const form = (token: string) => ({ grant_type: "refresh_token", refresh_token: token });
    const second = await client.exchange(form(refresh));
    expect(second.body.access_token).not.toBe(bearer);
    expect(await client.exchange(form(refresh))).toEqual({
      status: 400,
      body: { error: "invalid_grant" },
    });
    expect((await client.exchange(form(second.body.refresh_token))).status).toBe(200);
  });

  it.each([
    [{}, "invalid_request"],
    [{ grant_type: "authorization_code" }, "invalid_request"],
    [{ grant_type: "refresh_token" }, "invalid_request"],
    [{ grant_type: "password", code: "x" }, "unsupported_grant_type"],
    [{ grant_type: "authorization_code", code: "x" }, "invalid_grant"],
  ])("answers %j with %s", async (form, error) => {
    const { client } = await start();
    expect(await client.exchange(form)).toEqual({ status: 400, body: { error } });
  });
});

describe("consent", () => {
  const browse = (url: string, init: RequestInit = {}) =>
    fetch(url, { redirect: "manual", ...init });

  async function ask() {
    const { sandbox, client } = await start();
    const owner = await client.connect("a@example.com");
    const request = {
      id: "areq_link",
      email: "A@example.com",
      confirmation_secret: "s3cret state",
    };
    const answer = await client.requestAccount(request);
    const { url } = answer.body.requires_auth.redirect as { url: string };
    const confirm = (form: Readonly<Record<string, string>>) =>
      browse(`${client.url}/authorize/confirm`, {
        method: "POST",
        body: new URLSearchParams({ state: "s3cret state", ...form }),
      });
    const readSession = async () =>
      (
        await sandbox.admin(
          "GET",
          `orchestrators/stripe/sessions/${encodeURIComponent("s3cret state")}`,
        )
      ).json();
    return { sandbox, client, owner, request, answer, url, confirm, readSession };
  }

  it("is asked of a person when the e-mail address has an account made by another request", async () => {
    const { sandbox, client, owner, request, answer, url, confirm, readSession } = await ask();
    expect(answer.body.type).toBe("requires_auth");
    expect(url).toContain("/providers/acme/authorize?state=s3cret+state");
    expect((await sandbox.books()).accounts).toHaveLength(1);
    const page = await browse(url);
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain("a@example.com");
    expect(html).toContain('action="/providers/acme/authorize/confirm"');
    expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(await readSession()).toEqual({ status: "pending" });

    const back = await confirm({ decision: "allow" });
    expect(back.status).toBe(303);
    const location = new URL(back.headers.get("location") ?? "");
    expect(location.pathname).toBe("/orchestrator/stripe/callback");
    expect(location.searchParams.get("state")).toBe("s3cret state");
    expect((await browse(location.href)).status).toBe(200);
    const session = (await readSession()) as { status: string; code: string };
    expect(session).toEqual({ status: "received", code: location.searchParams.get("code") });
    const token = await client.exchange({ grant_type: "authorization_code", code: session.code });
    expect(token.body.account.id).toBe(owner.accountId);
    const repeated = await client.requestAccount(request);
    expect(repeated.body.type).toBe("oauth");
    const form = { grant_type: "authorization_code", code: repeated.body.oauth.code };
    expect((await client.exchange(form)).body.account.id).toBe(owner.accountId);
    expect((await sandbox.books()).accounts).toHaveLength(1);
  });

  it("is asked again of who repeats the request before it was given", async () => {
    const { client, request, url } = await ask();
    const again = await client.requestAccount(request);
    expect(again.body.requires_auth.redirect.url).toBe(url);
  });

  it("can be denied, and then gives no code", async () => {
    const { confirm, readSession } = await ask();
    const back = await confirm({ decision: "deny" });
    const location = back.headers.get("location") ?? "";
    expect(location).toContain("error=access_denied");
    expect(location).not.toContain("code=");
    await browse(location);
    expect(await readSession()).toEqual({ status: "refused", error: "access_denied" });
  });

  it("refuses a person with another e-mail address", async () => {
    const { confirm } = await ask();
    const answer = await confirm({ decision: "allow", email: "eve@example.com" });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("email_mismatch");
    expect((await confirm({ decision: "allow", email: "a@example.com" })).status).toBe(303);
  });

  it("works once, for ten minutes, at its own provider", async () => {
    const { sandbox, client, url, confirm, request } = await ask();
    const elsewhere = url.replace("/acme/", "/other.io/");
    expect((await browse(elsewhere)).status).toBe(410);
    await confirm({ decision: "deny" });
    expect((await browse(url)).status).toBe(410);
    expect((await confirm({ decision: "allow" })).status).toBe(410);
    await client.requestAccount(request);
    await sandbox.advance(600_001);
    expect((await confirm({ decision: "allow" })).status).toBe(410);
  });
});
