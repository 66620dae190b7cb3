import { describe, expect, it } from "vitest";
import { connectProvider } from "./support/provider-client.ts";
import { connectIssuer, issueToken, revokeToken } from "./support/stripe-client.ts";
import { startTestSandbox } from "./support/test-sandbox.ts";

const RESOURCES = "/provisioning/resources";
const DATABASE = { service_id: "postgres", configuration: { name: "orders" } };

async function start() {
  const sandbox = await startTestSandbox();
  const client = await connectProvider(sandbox);
  const { bearer, accountId } = await client.connect("a@example.com");
  const post = (path: string, body: unknown = {}, key?: string) =>
    client.call("POST", path, body, { bearer, key });
  const create = (ownId: string, body: Readonly<Record<string, unknown>>, key?: string) =>
    post(RESOURCES, { orchestrator_resource_id: ownId, ...body }, key);
  const read = (id: string) => client.call("GET", `${RESOURCES}/${id}`, undefined, { bearer });
  const stripe = await connectIssuer(sandbox);
  const { sellerProfile } = (await sandbox.connection()).providers.acme ?? { sellerProfile: "" };
  const payWith = async (limits = {}) => {
    const token = await issueToken(stripe, sellerProfile, limits);
    return { type: "stripe_payment_token", stripe_payment_token: token.id as string };
  };
  return { sandbox, client, bearer, accountId, post, create, read, stripe, sellerProfile, payWith };
}

describe("services", () => {
  it("are listed as the catalogue describes them", async () => {
    const { client } = await start();
    const answer = await client.call("GET", "/provisioning/services");
    expect(answer.body.next_cursor).toBeUndefined();
    expect(answer.body.data.map(({ id }: { id: string }) => id)).toEqual([
      "free",
      "pro",
      "postgres",
      "email",
      "search",
    ]);
    expect(answer.body.data[1]).toMatchObject({
      kind: "plan",
      pricing: { type: "paid", paid: [{ type: "freeform", freeform: "$25/month" }] },
      allowed_updates: [{ service: "free", direction: "any" }],
      constraints: { count: { at_most: 1 }, mutual_exclusion: { allowed_updates: true } },
    });
    expect(answer.body.data[2].pricing).toEqual({
      type: "component",
      component: {
        options: [
          { type: "free", parent_service_ids: ["free"] },
          {
            type: "paid",
            parent_service_ids: ["pro"],
            paid: { type: "freeform", freeform: "$0.10/GB" },
          },
        ],
      },
    });
  });
});

describe("a resource", () => {
  it("needs a bearer of its own provider and orchestrator, valid now", async () => {
    const { sandbox, client, bearer } = await start();
    const unauthorized = { status: 401, body: { type: "error", error: { code: "unauthorized" } } };
    const ask = (c: typeof client, token?: string) =>
      c.call(
        "POST",
        RESOURCES,
        { service_id: "email", orchestrator_resource_id: "r" },
        { bearer: token },
      );
    expect(await ask(client)).toMatchObject(unauthorized);
    expect(await ask(client, "apat_wrong")).toMatchObject(unauthorized);
    expect(await ask(await connectProvider(sandbox, "other.io"), bearer)).toMatchObject(
      unauthorized,
    );
    expect(await ask(await connectProvider(sandbox, "acme", "self"), bearer)).toMatchObject({
      status: 403,
      body: { status: "error", error: { code: "forbidden" } },
    });
    await sandbox.advance(30 * 86_400_000);
    expect(await ask(client, bearer)).toMatchObject(unauthorized);
    expect((await sandbox.books()).serviceInstances).toEqual([]);
  });

  it("is complete with credentials, and reads back alike", async () => {
    const { sandbox, create, read, accountId } = await start();
    const answer = await create("r1", { service_id: "email", environment: "dev" });
    expect(answer).toEqual({
      status: 200,
      body: {
        status: "complete",
        id: expect.stringMatching(/^res_/),
        complete: {
          access_configuration: {
            api_key: expect.stringMatching(/^sk_live_cnry[0-9a-f]{44}$/),
            base_url: expect.stringMatching(/^https:/),
          },
        },
      },
    });
    expect(await read(answer.body.id)).toEqual(answer);
    const books = await sandbox.books();
    expect(books.serviceInstances).toMatchObject([
      {
        provider: "acme",
        accountId,
        service: "email",
        status: "complete",
        orchestratorResourceId: "r1",
        generation: 1,
      },
    ]);
    expect(JSON.stringify(books)).not.toContain(answer.body.complete.access_configuration.api_key);
  });

  it("is not found by another account", async () => {
    const { client, create } = await start();
    const { body } = await create("r1", { service_id: "email" });
    const other = await client.connect("b@example.com");
    for (const [method, path] of [
      ["GET", ""],
      ["POST", "/remove"],
      ["POST", "/rotate_credentials"],
      ["POST", "/update_service"],
    ])
      expect(
        await client.call(method ?? "", `${RESOURCES}/${body.id}${path}`, undefined, {
          bearer: other.bearer,
        }),
      ).toMatchObject({ status: 404, body: { status: "error", error: { code: "not_found" } } });
  });

  it("comes once for the same orchestrator_resource_id, with the same credentials, over restarts", async () => {
    const { sandbox, create } = await start();
    const first = await create("r1", { service_id: "email" });
    expect(await create("r1", { service_id: "email" })).toEqual(first);
    expect(await create("r1", { service_id: "search" })).toMatchObject({
      status: 409,
      body: { status: "error", error: { code: "idempotency_conflict" } },
    });
    await sandbox.close();
    const again = await startTestSandbox({ home: sandbox.home });
    const client = await connectProvider(again);
    const owner = await client.requestAccount({ email: "a@example.com", id: "areq_new" });
    expect(owner.body.type).toBe("requires_auth");
    expect((await again.books()).serviceInstances).toHaveLength(1);
  });

  it("comes once for the same Idempotency-Key, which fits one body alone", async () => {
    const { sandbox, create } = await start();
    const first = await create("r1", { service_id: "email" }, "key-1");
    expect(await create("r1", { service_id: "email" }, "key-1")).toEqual(first);
    expect(await create("r2", { service_id: "email" }, "key-1")).toMatchObject({
      status: 409,
      body: { error: { code: "idempotency_conflict" } },
    });
    expect((await sandbox.books()).serviceInstances).toHaveLength(1);
  });

  it("answers a repeated key with what stands by then", async () => {
    const { sandbox, create, post } = await start();
    await sandbox.admin("POST", "providers/acme", { provisionMs: 1000 });
    const first = await create("r1", { service_id: "email" }, "key-1");
    expect(first.body.status).toBe("pending");
    await sandbox.advance(1000);
    expect((await create("r1", { service_id: "email" }, "key-1")).body.status).toBe("complete");
    await post(`${RESOURCES}/${first.body.id}/remove`);
    expect((await create("r1", { service_id: "email" }, "key-1")).body.status).toBe("removed");
  });

  it("may be tried again under the key after a refusal", async () => {
    const { create } = await start();
    expect((await create("r1", DATABASE, "key-1")).body.error.code).toBe("plan_required");
    await create("plan", { service_id: "free" });
    expect((await create("r1", DATABASE, "key-1")).body.status).toBe("complete");
  });

  it.each([
    [{}, "missing_service_id"],
    [{ service_id: "nothing" }, "unknown_service"],
    [{ service_id: "email", orchestrator_resource_id: undefined }, "invalid_request"],
    [{ service_id: "postgres", configuration: { name: "x" } }, "invalid_request"],
    [{ service_id: "postgres", configuration: { name: "UPPER" } }, "invalid_request"],
    [
      { service_id: "postgres", configuration: { name: "orders", region: "moon" } },
      "invalid_request",
    ],
    [{ service_id: "postgres", configuration: { name: "orders", size: 9 } }, "invalid_request"],
    [{ service_id: "postgres", configuration: { name: "orders", size: 1.5 } }, "invalid_request"],
    [
      { service_id: "postgres", configuration: { name: "orders", colour: "red" } },
      "invalid_request",
    ],
  ])("answers %j with %s", async (body, code) => {
    const { sandbox, create } = await start();
    expect(await create("r1", body)).toMatchObject({
      status: 400,
      body: { status: "error", error: { code } },
    });
    expect((await sandbox.books()).serviceInstances).toEqual([]);
  });

  it("asks for required configuration that is missing, and completes when it is submitted", async () => {
    const { sandbox, create } = await start();
    await create("plan", { service_id: "free" });
    const asked = await create(
      "r1",
      { service_id: "postgres", configuration: { region: "eu" } },
      "key-1",
    );
    expect(asked).toMatchObject({
      status: 200,
      body: {
        status: "needs_information",
        needs_information: {
          schema: { required: ["name"], properties: { name: { type: "string" } } },
        },
      },
    });
    const done = await create("r1", {
      service_id: "postgres",
      configuration: { region: "eu" },
      submitted_information: { name: "orders" },
    });
    expect(done.body).toMatchObject({ status: "complete", id: asked.body.id });
    expect(done.body.complete.access_configuration.connection_string).toMatch(/^postgresql:/);
    expect((await sandbox.books()).serviceInstances).toMatchObject([
      { service: "free" },
      { service: "postgres", configuration: { name: "orders", region: "eu" } },
    ]);
  });

  it("may be pending first, by the sandbox's clock", async () => {
    const { sandbox, create, read, post } = await start();
    await sandbox.admin("POST", "providers/acme", { provisionMs: 60_000 });
    const { body } = await create("r1", { service_id: "email" });
    expect(body).toEqual({ status: "pending", id: body.id });
    expect((await post(`${RESOURCES}/${body.id}/rotate_credentials`)).body.error.code).toBe(
      "invalid_state",
    );
    await sandbox.advance(60_000);
    expect((await read(body.id)).body.status).toBe("complete");
  });
});

describe("plans and payment", () => {
  it("needs a plan where the catalogue says so", async () => {
    const { create } = await start();
    const refused = await create("r1", DATABASE);
    expect(refused).toMatchObject({ status: 400, body: { error: { code: "plan_required" } } });
    expect(refused.body.error.message).toContain("free, pro");
    const plan = await create("plan", { service_id: "free" });
    expect(plan.body.complete).toEqual({ access_configuration: null });
    expect((await create("r1", DATABASE)).body.status).toBe("complete");
  });

  it("keeps plans apart and counts them", async () => {
    const { create, payWith } = await start();
    await create("plan", { service_id: "free" });
    expect((await create("plan2", { service_id: "free" })).body.error.code).toBe("invalid_state");
    const payment_credentials = await payWith();
    expect((await create("pro", { service_id: "pro", payment_credentials })).body.error.code).toBe(
      "invalid_state",
    );
  });

  it("needs payment credentials for what is paid, and charges a fixed price once", async () => {
    const { sandbox, create, payWith, accountId } = await start();
    expect((await create("pro", { service_id: "pro" })).body.error.code).toBe(
      "requires_payment_credentials",
    );
    const payment_credentials = await payWith();
    const body = { service_id: "pro", payment_credentials };
    const plan = await create("pro", body);
    expect(plan.body.status).toBe("complete");
    await create("pro", body);
    const books = await sandbox.books();
    expect(books.charges).toMatchObject([
      {
        provider: "acme",
        accountId,
        amount: "25.00 USD",
        description: "acme/pro",
        paymentToken: payment_credentials.stripe_payment_token,
      },
    ]);
    expect(books.paymentTokens).toMatchObject([
      { captured: "25.00 USD", maxAmount: "60.00 USD", status: "active" },
    ]);
    expect(books.accounts[0]?.paymentToken).toBe(payment_credentials.stripe_payment_token);
  });

  it("chooses a tier by configuration and charges no usage price", async () => {
    const { sandbox, create, payWith } = await start();
    expect((await create("s1", { service_id: "search" })).body.status).toBe("complete");
    const big = { service_id: "search", configuration: { tier: "big" } };
    expect((await create("s2", big)).body.error.code).toBe("requires_payment_credentials");
    await create("s2", { ...big, payment_credentials: await payWith() });
    await create("s3", { service_id: "search", configuration: { tier: "use" } });
    expect((await sandbox.books()).charges.map(({ amount }) => amount)).toEqual(["19.00 USD"]);
  });

  it.each([
    ["over its limit", { max_amount: 2499 }, "acme", false],
    ["of another seller", {}, "other", false],
    ["in another currency", { currency: "eur" }, "acme", false],
    ["that was revoked", {}, "acme", true],
  ])("refuses a payment token %s, and makes nothing", async (_name, limits, seller, isRevoked) => {
    const { sandbox, create, stripe, sellerProfile } = await start();
    const profile = seller === "acme" ? sellerProfile : "profile_test_other";
    const token = await issueToken(stripe, profile, limits);
    if (isRevoked) await revokeToken(stripe, token.id);
    const payment_credentials = { type: "stripe_payment_token", stripe_payment_token: token.id };
    const answer = await create("pro", { service_id: "pro", payment_credentials });
    expect(answer.body.error.code).toBe("billing_activation_failed");
    const books = await sandbox.books();
    expect(books.charges).toEqual([]);
    expect(books.serviceInstances).toEqual([]);
  });

  it("takes payment credentials with a free plan, for what is bought later", async () => {
    const { sandbox, create, payWith, accountId } = await start();
    await create("plan", { service_id: "free", payment_credentials: await payWith() });
    const charge = {
      provider: "acme",
      accountId,
      amount: { currency: "USD", minor: 1044n },
      description: "a domain",
      key: "d",
    };
    expect(sandbox.context.charge(charge)).toEqual({
      ok: true,
      chargeId: expect.stringMatching(/^ch_/),
    });
  });
});

describe("managing a resource", () => {
  it("rotates credentials; a plan has none", async () => {
    const { create, post, read } = await start();
    const made = await create("r1", { service_id: "email" });
    const rotated = await post(`${RESOURCES}/${made.body.id}/rotate_credentials`);
    expect(rotated.body.status).toBe("complete");
    expect(rotated.body.complete.access_configuration.api_key).not.toBe(
      made.body.complete.access_configuration.api_key,
    );
    expect(await read(made.body.id)).toEqual(rotated);
    const plan = await create("plan", { service_id: "free" });
    expect((await post(`${RESOURCES}/${plan.body.id}/rotate_credentials`)).body.error.code).toBe(
      "credential_rotation_failed",
    );
  });

  it("is removed by POST: pending first, removed on reading back, and its id makes nothing new", async () => {
    const { create, post, read } = await start();
    const { id } = (await create("r1", { service_id: "email" })).body;
    expect((await post(`${RESOURCES}/${id}/remove`)).body).toEqual({
      status: "pending_removal",
      id,
    });
    const removed = { status: 200, body: { status: "removed", id } };
    expect(await read(id)).toEqual(removed);
    expect(await post(`${RESOURCES}/${id}/remove`)).toEqual(removed);
    expect(await create("r1", { service_id: "email" })).toEqual(removed);
    expect((await post(`${RESOURCES}/${id}/rotate_credentials`)).body.error.code).toBe(
      "invalid_state",
    );
    expect((await post(`${RESOURCES}/${id}/update_service`)).body.error.code).toBe("invalid_state");
  });

  it("may take its time to be removed, or none", async () => {
    const { sandbox, create, post, read } = await start();
    await sandbox.admin("POST", "providers/acme", { removalMs: 5000 });
    const slow = (await create("r1", { service_id: "email" })).body.id;
    await post(`${RESOURCES}/${slow}/remove`);
    expect((await read(slow)).body.status).toBe("pending_removal");
    await sandbox.advance(5000);
    expect((await read(slow)).body.status).toBe("removed");
    await sandbox.admin("POST", "providers/acme", { removal: "immediate" });
    const quick = (await create("r2", { service_id: "email" })).body.id;
    expect((await post(`${RESOURCES}/${quick}/remove`)).body.status).toBe("removed");
  });

  it("changes plan along the allowed updates, charging the new one", async () => {
    const { sandbox, create, post, payWith } = await start();
    const { id } = (await create("plan", { service_id: "free" })).body;
    const path = `${RESOURCES}/${id}/update_service`;
    expect((await post(path, { service_id: "email" })).body.error.code).toBe("invalid_request");
    expect((await post(path, { service_id: "pro" })).body.error.code).toBe(
      "requires_payment_credentials",
    );
    const payment_credentials = await payWith();
    expect((await post(path, { service_id: "pro", payment_credentials }, "up")).body.status).toBe(
      "complete",
    );
    expect((await post(path, { service_id: "pro", payment_credentials }, "up")).body.status).toBe(
      "complete",
    );
    const books = await sandbox.books();
    expect(books.serviceInstances).toMatchObject([{ id, service: "pro" }]);
    expect(books.charges).toHaveLength(1);
  });

  it("changes configuration and payment credentials", async () => {
    const { sandbox, create, post, payWith } = await start();
    await create("plan", { service_id: "free" });
    const { id } = (await create("r1", DATABASE)).body;
    const path = `${RESOURCES}/${id}/update_service`;
    expect((await post(path, { configuration: { region: "us" } })).body.status).toBe("complete");
    expect((await post(path, { configuration: { region: "moon" } })).body.error.code).toBe(
      "invalid_request",
    );
    const payment_credentials = await payWith();
    await post(path, { payment_credentials });
    const books = await sandbox.books();
    expect(books.serviceInstances[1]?.configuration).toEqual({ name: "orders", region: "us" });
    expect(books.accounts[0]?.paymentToken).toBe(payment_credentials.stripe_payment_token);
  });

  it("links a resource that the account has, after asking for its id", async () => {
    const { sandbox, create, post } = await start();
    const { id } = (await create("lost", { service_id: "email" })).body;
    const link = (more = {}) =>
      post(`${RESOURCES}/link`, {
        service_id: "email",
        orchestrator_resource_id: "found",
        ...more,
      });
    expect((await link()).body).toMatchObject({
      status: "needs_information",
      needs_information: { schema: { required: ["resource_id"] } },
    });
    expect((await link({ submitted_information: { resource_id: "res_none" } })).status).toBe(404);
    expect((await link({ submitted_information: { resource_id: id } })).body).toMatchObject({
      status: "complete",
      id,
    });
    expect((await sandbox.books()).serviceInstances).toMatchObject([
      { id, orchestratorResourceId: "found" },
    ]);
  });
});

describe("a deep link", () => {
  it("opens the dashboard once, within five minutes", async () => {
    const { sandbox, post, client, accountId } = await start();
    const { body } = await post("/provisioning/deep_links", { purpose: "dashboard" });
    expect(body).toEqual({
      purpose: "dashboard",
      url: expect.stringContaining(`${client.url}/dashboard`),
      expires_at: expect.any(String),
    });
    const page = await fetch(body.url);
    expect(await page.text()).toContain(accountId);
    expect((await fetch(body.url)).status).toBe(410);
    const late = (await post("/provisioning/deep_links", { purpose: "dashboard" })).body.url;
    await sandbox.advance(300_001);
    expect((await fetch(late)).status).toBe(410);
  });

  it.each([
    [{ purpose: "billing" }, 400, "unsupported_purpose"],
    [{ purpose: "dashboard", path: "//evil.test" }, 400, "invalid_path"],
    [{ purpose: "dashboard", path: 7 }, 400, "invalid_path"],
  ])("answers %j with %i %s", async (body, status, code) => {
    const { post } = await start();
    expect(await post("/provisioning/deep_links", body)).toMatchObject({
      status,
      body: { error: { code } },
    });
  });

  it("is refused by a provider without any", async () => {
    const { sandbox, post } = await start();
    await sandbox.admin("POST", "providers/acme", { hasDeepLinks: false });
    expect(await post("/provisioning/deep_links", { purpose: "dashboard" })).toMatchObject({
      status: 403,
      body: { error: { code: "deep_links_not_enabled" } },
    });
  });
});

describe("provider settings", () => {
  it.each([
    [{ accountAnswer: "maybe" }],
    [{ removal: "never" }],
    [{ bearerSeconds: -1 }],
    [{ bearerSeconds: "3600" }],
    [{ colour: "red" }],
  ])("refuses %j", async (change) => {
    const { sandbox } = await start();
    expect((await sandbox.admin("POST", "providers/acme", change)).status).toBe(400);
    expect(await (await sandbox.admin("GET", "providers/acme")).json()).toMatchObject({
      accountAnswer: "credentials",
    });
  });

  it("are unknown for an unknown provider", async () => {
    const { sandbox } = await start();
    expect((await sandbox.admin("GET", "providers/gone")).status).toBe(404);
  });
});
