import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verifySignatureV1 } from "../../../src/sandbox/providers/verify-signature.ts";
import { connectProvider, digest, signV1, signV2 } from "./support/provider-client.ts";
import { startTestSandbox } from "./support/test-sandbox.ts";

const HEALTH = "/provisioning/health";
const refused = {
  status: 401,
  body: { error: { code: "invalid_signature", message: expect.any(String) } },
};

async function start() {
  const sandbox = await startTestSandbox();
  const client = await connectProvider(sandbox);
  const connection = await sandbox.connection();
  const { stripe, self } = connection.identities;
  const withHeader = (header: string, more: Readonly<Record<string, string>> = {}) =>
    client.call("GET", HEALTH, undefined, { headers: { "stripe-signature": header, ...more } });
  return { sandbox, client, stripe, self, withHeader };
}

const now = () => Math.floor(Date.now() / 1000);

describe("Stripe-Signature", () => {
  it("is needed on every protocol endpoint, and either orchestrator may sign", async () => {
    const { client, stripe, self, withHeader } = await start();
    expect(await withHeader("")).toEqual(refused);
    for (const path of ["/provisioning/services", "/provisioning/resources/x", "/oauth/token"])
      expect(
        await client.call("GET", path, undefined, { headers: { "stripe-signature": "t=1,v1=0" } }),
      ).toEqual(refused);
    for (const identity of [stripe, self])
      expect((await withHeader(signV1(identity.signingSecret, ""))).body).toEqual({
        supported_versions: ["0.1d"],
        status: "ok",
      });
  });

  it("may be 300 seconds old or ahead, not more", async () => {
    const { stripe, withHeader } = await start();
    const at = (seconds: number) => withHeader(signV1(stripe.signingSecret, "", now() + seconds));
    expect((await at(-299)).status).toBe(200);
    expect((await at(298)).status).toBe(200);
    expect(await at(-302)).toEqual(refused);
    expect(await at(302)).toEqual(refused);
  });

  it("is fresh by the machine's clock, however far the sandbox's clock was moved", async () => {
    const { sandbox, stripe, withHeader } = await start();
    await sandbox.advance(40 * 86_400_000);
    expect((await withHeader(signV1(stripe.signingSecret, ""))).status).toBe(200);
  });

  it("accepts one fitting v1 among several, as in a rotation of the secret", async () => {
    const { stripe, withHeader } = await start();
    const old = signV1("whsec_old", "").split(",")[1];
    expect((await withHeader(`${signV1(stripe.signingSecret, "")},${old}`)).status).toBe(200);
    expect(await withHeader(`t=${now()},${old}`)).toEqual(refused);
  });

  it("binds the body", async () => {
    const { client, stripe } = await start();
    const answer = await client.call(
      "POST",
      "/provisioning/account_requests",
      { id: "a" },
      {
        headers: { "stripe-signature": signV1(stripe.signingSecret, '{"id":"b"}') },
      },
    );
    expect(answer).toEqual(refused);
  });

  it("is refused after any change of the header, the body or the secret", () => {
    const body = '{"id":"areq_1"}';
    const header = signV1("whsec_a", body, 1_000_000);
    const verify = (change: Partial<Parameters<typeof verifySignatureV1>[0]>) =>
      verifySignatureV1({ header, body, secret: "whsec_a", now: 1_000_000_000, ...change });
    expect(verify({})).toBe(true);
    const edit = fc.tuple(fc.nat(), fc.constantFrom(..."0123456789abcdef=,.v \u0000"));
    fc.assert(
      fc.property(edit, fc.constantFrom("header", "body", "secret"), ([at, letter], field) => {
        const text = { header, body, secret: "whsec_a" }[field] ?? "";
        const index = at % text.length;
        const changed = text.slice(0, index) + letter + text.slice(index + 1);
        // White space around a part means nothing.
        fc.pre(changed.replaceAll(" ", "") !== text);
        expect(verify({ [field]: changed })).toBe(false);
      }),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.string(), (text) => !verify({ header: text })));
  });
});

describe("Stripe-Signature-V2", () => {
  const claims = (change = {}) => ({
    version: 1,
    htm: "GET",
    digest: digest(""),
    exp: now() + 60,
    ...change,
  });

  it("is verified when sent, with the key that the orchestrator publishes", async () => {
    const { sandbox, client, stripe, self, withHeader } = await start();
    const v1 = signV1(stripe.signingSecret, "");
    const send = (jwt: string) => withHeader(v1, { "stripe-signature-v2": jwt });
    const url = `${client.url}${HEALTH}`;
    expect((await send(signV2(stripe, claims()))).status).toBe(200);
    expect((await send(signV2(stripe, claims({ url })))).status).toBe(200);
    const wrong = {
      "another method": signV2(stripe, claims({ htm: "POST" })),
      "another body": signV2(stripe, claims({ digest: digest("x") })),
      "another address": signV2(stripe, claims({ url: `${url}x` })),
      "another version": signV2(stripe, claims({ version: 2 })),
      expired: signV2(stripe, claims({ exp: now() - 1 })),
      "no expiry": signV2(stripe, claims({ exp: undefined })),
      "another orchestrator": signV2(self, claims()),
      "another key under its name": signV2(self, claims(), {
        alg: "EdDSA",
        typ: "JWT",
        kid: stripe.keyId,
      }),
      "no algorithm": signV2(stripe, claims(), { alg: "none", typ: "JWT", kid: stripe.keyId }),
      "a cut signature": signV2(stripe, claims()).slice(0, -4),
      nonsense: "a.b.c",
    };
    for (const [name, jwt] of Object.entries(wrong)) expect(await send(jwt), name).toEqual(refused);
    const settings = await sandbox.admin("POST", "providers/acme", { needsSignatureV2: true });
    expect(settings.status).toBe(200);
    expect(await withHeader(v1)).toEqual(refused);
    expect((await send(signV2(stripe, claims()))).status).toBe(200);
  });

  it("can be checked by a provider that fetches the public keys with its token", async () => {
    const { sandbox, stripe } = await start();
    const sellers = (await (await sandbox.admin("GET", "sellers")).json()) as Record<
      string,
      { orchestratorTokens: Record<string, string> }
    >;
    const fetchKeys = (token?: string) =>
      fetch(`${sandbox.controlUrl}/v2/provisioning/public_keys`, {
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      });
    expect((await fetchKeys()).status).toBe(401);
    expect((await fetchKeys("opt_wrong")).status).toBe(401);
    const answer = await fetchKeys(sellers.acme?.orchestratorTokens.stripe);
    expect(await answer.json()).toEqual({
      public_keys: [
        {
          kid: stripe.keyId,
          crv: "Ed25519",
          x: stripe.signingKey.x,
          expires_at: expect.any(String),
        },
      ],
    });
  });
});

describe("API-Version and body", () => {
  it("must be 0.1d, but not at the token endpoint", async () => {
    const { client } = await start();
    for (const version of ["", "0.1c", "0.2"])
      expect(
        await client.call("GET", HEALTH, undefined, { headers: { "api-version": version } }),
      ).toMatchObject({ status: 400, body: { error: { code: "invalid_api_version" } } });
    expect(
      (await client.exchange({ grant_type: "refresh_token", refresh_token: "x" })).body,
    ).toEqual({
      error: "invalid_grant",
    });
  });

  it("must be a JSON object", async () => {
    const { client } = await start();
    for (const body of ["{", "[]", "1", "null"])
      expect(await client.call("POST", "/provisioning/account_requests", body)).toMatchObject({
        status: 400,
        body: { error: { code: "body_not_decodable" } },
      });
  });

  it("knows the providers of the catalogue alone, available ones", async () => {
    const { sandbox } = await start();
    for (const [provider, status] of [
      ["acme", 200],
      ["other.io", 200],
      ["gone", 404],
      ["%E0%A4", 404],
    ] as const)
      expect(
        (await (await connectProvider(sandbox, provider)).call("GET", HEALTH)).status,
        provider,
      ).toBe(status);
  });
});
