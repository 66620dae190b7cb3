import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createLeaseProvider } from "../../src/resources/opentofu/lease-provider.ts";
import { createSelfSignedCertificate } from "../../src/tfplugin/self-signed-certificate.ts";
import { servePlugin } from "../../src/tfplugin/serve-plugin.ts";
import { Dynamic, UNKNOWN, type Values } from "../../src/tfplugin/value.ts";
import { type FakeBroker, startFakeBroker } from "../deploy/fake-broker.ts";
import { connectPlugin, type PluginClient } from "./plugin-client.ts";

const ACCOUNT: Values = {
  name: "cloudflare.account",
  provider_name: "cloudflare",
  orchestrators: ["stripe"],
  principal: "founder@example.com",
  agent: "build-bot",
};
const DOMAIN: Values = {
  name: "address",
  provider_name: "cloudflare",
  account: "account-1",
  payment_token: "payment-1",
  domain: "example-shop.com",
  years: 1,
  max_price: "12.00 USD",
  auto_renew: false,
};

let broker: FakeBroker;
let client: PluginClient;
beforeAll(async () => {
  broker = await startFakeBroker();
  Object.assign(process.env, broker.env);
  client = await connectPlugin(createLeaseProvider());
  await client.configure({ project: "shop", stack: "local" });
});
beforeEach(() => {
  broker.requests.length = 0;
  broker.answer = () => undefined;
});
afterAll(async () => {
  client.close();
  await broker.close();
});

describe("the provider of leases", () => {
  test("says one line that the engine understands", () => {
    expect(client.handshake).toMatch(/^1\|6\|unix\|\/.+\|grpc\|[A-Za-z0-9+/]+$/);
  });

  test("is not started by hand", async () => {
    expect(await servePlugin(createLeaseProvider(), {})).toBeUndefined();
  });

  test("has a type for each kind of lease, whose secrets are marked", async () => {
    const { resource_schemas: schemas } = await client.call("GetProviderSchema");
    expect(Object.keys(schemas as object).sort()).toEqual([
      "supercargo_access_token",
      "supercargo_account",
      "supercargo_domain",
      "supercargo_payment_token",
      "supercargo_secret",
      "supercargo_service_instance",
    ]);
    const secrets = Object.entries(
      schemas as Record<string, { block: { attributes: { name: string; sensitive: boolean }[] } }>,
    ).flatMap(([type, { block }]) =>
      block.attributes.filter(({ sensitive }) => sensitive).map(({ name }) => `${type}.${name}`),
    );
    expect(secrets.sort()).toEqual([
      "supercargo_access_token.value",
      "supercargo_secret.value",
      "supercargo_service_instance.credentials",
    ]);
  });

  test("plans what it makes with unknown outputs, and asks no broker for it", async () => {
    const { values } = await client.plan("supercargo_account", undefined, ACCOUNT);
    expect(values).toMatchObject({ ...ACCOUNT, account_id: UNKNOWN, app_domain: UNKNOWN });
    expect(broker.requests).toEqual([]);
  });

  test("creates under the identity that Pulumi's resource would have", async () => {
    const planned = (await client.plan("supercargo_account", undefined, ACCOUNT)).values;
    const { values } = await client.apply("supercargo_account", undefined, planned);
    expect(values).toMatchObject({ ...ACCOUNT, account_id: "account-1", orchestrator: "stripe" });
    expect(broker.requests).toEqual([
      {
        verb: "create",
        kind: "account",
        identity: { project: "shop", stack: "local", resource: "cloudflare.account" },
        inputs: {
          provider: "cloudflare",
          orchestrators: ["stripe"],
          principal: "founder@example.com",
          agent: "build-bot",
        },
      },
    ]);
  });

  test("what only says how to create is no change; what cannot change replaces", async () => {
    const prior = (await client.apply("supercargo_account", undefined, ACCOUNT)).values;
    const proposed = { ...prior, agent: "other-bot" };
    expect(await client.plan("supercargo_account", prior, proposed)).toEqual({
      values: prior,
      problems: [],
      replace: [],
    });
    const moved = { ...prior, principal: "other@example.com" };
    const { replace, values } = await client.plan("supercargo_account", prior, moved);
    expect(replace).toEqual(["principal"]);
    expect(values).toMatchObject({ principal: "other@example.com" });
  });

  test("a domain is never replaced", async () => {
    const prior = (await client.apply("supercargo_domain", undefined, DOMAIN)).values;
    const { problems } = await client.plan("supercargo_domain", prior, {
      ...prior,
      domain: "other-shop.com",
    });
    expect(problems).toEqual(["supercargo: change of domain failed with code immutable_input"]);
  });

  test("keeps the types of a service's configuration", async () => {
    const type = new TextEncoder().encode('["object",{"region":"string","size":"number"}]');
    const config = new Dynamic(type, { region: "eu", size: 3 });
    const service: Values = {
      name: "mail",
      provider_name: "resend",
      account: "account-1",
      payment_token: "payment-1",
      service: "resend/email",
      config,
    };
    const { values } = await client.apply("supercargo_service_instance", undefined, service);
    expect(values?.config).toEqual(config);
    expect(broker.requests[0]).toMatchObject({ inputs: { config: { region: "eu", size: 3 } } });
    const stored = { type: ["object", { region: "string" }], value: { region: "eu" } };
    const state = { ...values, config: stored };
    const json = new TextEncoder().encode(JSON.stringify(state));
    const upgraded = await client.call("UpgradeResourceState", {
      type_name: "supercargo_service_instance",
      raw_state: { json },
    });
    expect(upgraded.diagnostics).toEqual([]);
  });

  test("says a broker's no as a code, and checks a configuration before anything is asked", async () => {
    broker.answer = () => ({ ok: false, code: "cap_exceeded", message: "a secret message" });
    expect(await client.apply("supercargo_domain", undefined, DOMAIN)).toMatchObject({
      problems: ["supercargo: create of domain failed with code cap_exceeded"],
    });
    const wrong = { ...DOMAIN, max_price: "twelve", account: UNKNOWN };
    expect((await client.validate("supercargo_domain", wrong)).problems).toEqual([
      "bad_request: `maxPrice` must be an amount such as `12.00 USD`",
    ]);
  });

  test("what is gone is gone", async () => {
    broker.answer = ({ verb }) => (verb === "read" ? { ok: true, gone: true } : undefined);
    const state = (await client.apply("supercargo_secret", undefined, { name: "key", bytes: 32 }))
      .values;
    expect((await client.read("supercargo_secret", state ?? {})).values).toBeUndefined();
    expect((await client.apply("supercargo_secret", state, undefined)).values).toBeUndefined();
    expect(broker.requests.map(({ verb }) => verb)).toEqual(["create", "read", "delete"]);
  });
});

test("the certificate is one for localhost that signs itself", () => {
  const { der } = createSelfSignedCertificate(new Date("2026-11-28T12:00:00Z"));
  const certificate = new X509Certificate(der);
  expect(certificate.checkHost("localhost")).toBe("localhost");
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.ca).toBe(true);
  expect(certificate.validToDate.toISOString()).toBe("2026-12-28T12:00:00.000Z");
});
