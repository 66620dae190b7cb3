import { existsSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Books } from "../../../src/sandbox/books.ts";
import { type SpawnedSandbox, spawnSandbox } from "../../../src/sandbox/connect-sandbox.ts";
import type { SandboxConnection } from "../../../src/sandbox/connection.ts";
import { readSandboxFile } from "../../../src/sandbox/sandbox-file.ts";
import { signV1 } from "./support/provider-client.ts";
import { makeHome } from "./support/test-sandbox.ts";

const SCRIPT = `export default { fetch: (request) => new Response("hello from " + new URL(request.url).hostname) };`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function waitUntilDead(pid: number): Promise<void> {
  for (let round = 0; round < 1_200 && isAlive(pid); round += 1)
    await new Promise((resolve) => setTimeout(resolve, 25));
  expect(isAlive(pid)).toBe(false);
}

async function start(home: string): Promise<SpawnedSandbox> {
  const sandbox = await spawnSandbox({ home, detached: false });
  onTestFinished(async () => {
    if (isAlive(sandbox.pid)) await sandbox.close();
  });
  return sandbox;
}

async function admin<T>(sandbox: SpawnedSandbox, path: string): Promise<T> {
  const headers = { "x-sandbox-admin": sandbox.adminToken, connection: "close" };
  return (await fetch(`${sandbox.controlUrl}/sandbox/${path}`, { headers })).json() as Promise<T>;
}

function visit(port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request(
      { host: "127.0.0.1", port, headers: { host: `${host}.localhost:${port}` } },
      (answer) => {
        let text = "";
        answer.on("data", (chunk) => {
          text += chunk;
        });
        answer.on("end", () => resolve(text));
      },
    )
      .on("error", reject)
      .end();
  });
}

function readWorkerdPid(home: string): number {
  return Number(readFileSync(join(home, "data-plane", "workerd.pid"), "utf8"));
}

describe("the whole sandbox", () => {
  it("goes from an e-mail address to a paid domain with an app on it, survives SIGKILL and leaves no process", async () => {
    const home = makeHome();
    let sandbox = await start(home);
    const connection = await admin<SandboxConnection>(sandbox, "connection");
    const { issuers, cloudflare, orchestrators, providers } = connection;
    const { stripe } = issuers;
    const provider = providers.cloudflare ?? { url: "", sellerProfile: "" };

    // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever came
    const ask = async (path: string, body: unknown, bearer?: string): Promise<any> => {
      const text = JSON.stringify(body);
      const headers = {
        "api-version": "0.1d",
        "stripe-signature": signV1(orchestrators.stripe.signingSecret, text),
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      };
      const init = { method: "POST", headers, body: text };
      return (await fetch(`${provider.url}/provisioning/${path}`, init)).json();
    };
    const made = await ask("account_requests", {
      id: "areq_1",
      object: "account_request",
      email: "founder@example.com",
      scopes: [],
      client_capabilities: ["browser"],
      confirmation_secret: "state",
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      orchestrator: { type: "stripe", stripe: { account: orchestrators.stripe.account } },
    });
    const { access_token: bearer, account } = made.credentials.bearer;

    const issued = await fetch(`${stripe.apiUrl}/v1/shared_payment/issued_tokens`, {
      method: "POST",
      headers: { authorization: `Bearer ${stripe.secretKey}`, "stripe-version": stripe.apiVersion },
      body: new URLSearchParams({
        payment_method: stripe.paymentMethod,
        "seller_details[network_business_profile]": provider.sellerProfile,
        "usage_limits[currency]": "usd",
        "usage_limits[max_amount]": "6000",
      }),
    });
    const { id: token } = (await issued.json()) as { id: string };
    const plan = await ask(
      "resources",
      {
        service_id: "workers:free",
        configuration: {},
        orchestrator_resource_id: "plan",
        payment_credentials: { type: "stripe_payment_token", stripe_payment_token: token },
      },
      bearer,
    );
    expect(plan.status).toBe("complete");

    // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever came
    const call = async (method: string, path: string, body?: unknown): Promise<any> => {
      const isForm = body instanceof FormData;
      const answer = await fetch(`${cloudflare.endpoint}/accounts/${account.id}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${bearer}`,
          ...(isForm ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      });
      return { status: answer.status, ...((await answer.json()) as object) };
    };
    const bought = await call("POST", "/registrar/registrations", {
      domain_name: "example-shop.com",
      years: 1,
    });
    expect(bought.success, JSON.stringify(bought.errors)).toBe(true);
    const form = new FormData();
    form.set(
      "metadata",
      JSON.stringify({ main_module: "index.js", compatibility_date: "2026-01-01" }),
    );
    form.set("index.js", new File([SCRIPT], "index.js", { type: "application/javascript+module" }));
    const uploaded = await call("PUT", "/workers/scripts/shop", form);
    expect(uploaded.success, JSON.stringify(uploaded.errors)).toBe(true);

    for (let round = 0; round < 1_000; round += 1) {
      const { domains } = await admin<Books>(sandbox, "books");
      if (domains[0]?.state === "succeeded") break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const attached = await call("PUT", "/workers/domains", {
      hostname: "example-shop.com",
      service: "shop",
    });
    expect(attached.success, JSON.stringify(attached.errors)).toBe(true);
    expect(await visit(sandbox.appPort, "example-shop.com")).toBe("hello from example-shop.com");
    const books = await admin<Books>(sandbox, "books");
    expect(books).toMatchObject({
      accounts: [{ provider: "cloudflare", email: "founder@example.com", paymentToken: token }],
      domains: [{ domain: "example-shop.com", pricePaid: "10.44 USD", state: "succeeded" }],
      charges: [{ provider: "cloudflare", amount: "10.44 USD", paymentToken: token }],
      paymentTokens: [{ captured: "10.44 USD", maxAmount: "60.00 USD" }],
      serviceInstances: [{ service: "workers:free", status: "complete" }],
    });

    const orphan = readWorkerdPid(home);
    expect(isAlive(orphan)).toBe(true);
    process.kill(sandbox.pid, "SIGKILL");
    await waitUntilDead(sandbox.pid);
    const before = sandbox;
    sandbox = await start(home);
    await waitUntilDead(orphan);
    expect(sandbox.controlUrl).toBe(before.controlUrl);
    expect(await visit(sandbox.appPort, "example-shop.com")).toBe("hello from example-shop.com");
    const after = await admin<Books>(sandbox, "books");
    expect({ ...after, calls: [] }).toEqual({ ...books, calls: [] });

    const workerd = readWorkerdPid(home);
    await sandbox.close();
    await waitUntilDead(workerd);
    expect(existsSync(join(home, "data-plane", "workerd.pid"))).toBe(false);
    expect(readSandboxFile(home)?.pid).toBeNull();
  }, 300_000);
});
