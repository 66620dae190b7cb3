import { describe, expect, it } from "vitest";
import { patternPath } from "../../../src/sandbox/path-pattern.ts";
import { connectProvider } from "./support/provider-client.ts";
import { startTestSandbox } from "./support/test-sandbox.ts";

describe("the admin surface", () => {
  it("is closed without the token", async () => {
    const { controlUrl } = await startTestSandbox();
    for (const path of ["health", "books", "connection", "sellers", "faults", "nothing"]) {
      const bare = await fetch(`${controlUrl}/sandbox/${path}`);
      expect(bare.status, path).toBe(401);
      const wrong = await fetch(`${controlUrl}/sandbox/${path}`, {
        headers: { "x-sandbox-admin": "sba_wrong" },
      });
      expect(wrong.status, path).toBe(401);
    }
  });

  it("answers 404 for what nobody knows", async () => {
    const sandbox = await startTestSandbox();
    expect((await sandbox.admin("GET", "nothing")).status).toBe(404);
    expect((await fetch(`${sandbox.controlUrl}/nothing`)).status).toBe(404);
  });

  it("moves the clock by a distance, to an offset and to a moment", async () => {
    let machine = Date.parse("2026-01-31T12:00:00Z");
    const sandbox = await startTestSandbox({ clock: () => machine });
    const read = async (body?: unknown) =>
      (await sandbox.admin(body === undefined ? "GET" : "POST", "clock", body)).json();
    expect(await read()).toEqual({ now: "2026-01-31T12:00:00.000Z", offsetMs: 0 });
    expect(await read({ advanceMs: 1000 })).toMatchObject({ offsetMs: 1000 });
    expect(await read({ advanceMs: -500 })).toMatchObject({ offsetMs: 500 });
    expect(await read({ offsetMs: 7 })).toMatchObject({ offsetMs: 7 });
    await read({ now: "2030-01-01T00:00:00Z" });
    machine += 1000;
    expect(await read()).toMatchObject({ now: "2030-01-01T00:00:01.000Z" });
    expect((await sandbox.admin("POST", "clock", { now: "soon" })).status).toBe(400);
    expect((await sandbox.admin("POST", "clock")).status).toBe(400);
  });

  it("starts with empty books", async () => {
    const sandbox = await startTestSandbox();
    expect(await sandbox.books()).toEqual({
      accounts: [],
      paymentTokens: [],
      accessTokens: [],
      domains: [],
      charges: [],
      serviceInstances: [],
      inventory: [],
      calls: [],
    });
  });

  it("tells what a vendor's own surface adds to the books, and lets it answer admin paths", async () => {
    const domain = {
      provider: "cloudflare",
      accountId: "a",
      domain: "example-shop.com",
      state: "active",
      autoRenew: false,
      registeredAt: "2026-01-01T00:00:00Z",
      expiresAt: "2027-01-01T00:00:00Z",
      pricePaid: "10.44 USD",
      chargeId: "ch_1",
    };
    const vendor = {
      handle: async (_request: Request, url: URL) =>
        url.pathname === "/sandbox/extra" ? Response.json({ extra: true }) : undefined,
      books: () => ({ domains: [domain], inventory: [{ kind: "bucket", name: "media" }] }),
      close: async () => {},
    };
    const sandbox = await startTestSandbox({ startVendors: async () => [vendor] });
    expect(await sandbox.books()).toMatchObject({
      domains: [domain],
      inventory: [{ kind: "bucket", name: "media" }],
    });
    expect(await (await sandbox.admin("GET", "extra")).json()).toEqual({ extra: true });
    expect((await fetch(`${sandbox.controlUrl}/sandbox/extra`)).status).toBe(401);
  });

  it("turns a bug in a surface into 500 and a line in the log", async () => {
    const lines: string[] = [];
    const broken = {
      handle: async () => {
        throw new Error("a bug");
      },
      close: async () => {},
    };
    const sandbox = await startTestSandbox({
      startVendors: async () => [broken],
      log: (line) => lines.push(line),
    });
    const answer = await fetch(`${sandbox.controlUrl}/client/v4/accounts`);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ success: false, result: null });
    expect(lines.join()).toContain("a bug");
  });

  it("counts calls by method and path pattern, its own not", async () => {
    const sandbox = await startTestSandbox();
    const client = await connectProvider(sandbox);
    const { bearer } = await client.connect();
    for (const id of ["res_1a", "res_2b"])
      await client.call("GET", `/provisioning/resources/${id}`, undefined, { bearer });
    const path = "/providers/acme/provisioning";
    expect((await sandbox.books()).calls).toEqual([
      { method: "POST", path: `${path}/account_requests`, arrived: 1, handled: 1 },
      { method: "GET", path: `${path}/resources/:id`, arrived: 2, handled: 2 },
    ]);
  });

  it.each([
    [
      "/client/v4/accounts/9f0c/d1/database/11-22/query",
      "/client/v4/accounts/:id/d1/database/:id/query",
    ],
    ["/client/v4/accounts/9f0c/r2/buckets/media", "/client/v4/accounts/:id/r2/buckets/:name"],
    [
      "/client/v4/accounts/9f0c/tokens/permission_groups",
      "/client/v4/accounts/:id/tokens/permission_groups",
    ],
    [
      "/client/v4/accounts/9f0c/registrar/registrations/a.com",
      "/client/v4/accounts/:id/registrar/registrations/:name",
    ],
    [
      "/v1/shared_payment/issued_tokens/spt_1/revoke",
      "/v1/shared_payment/issued_tokens/:id/revoke",
    ],
    ["/v2/provisioning/public_keys", "/v2/provisioning/public_keys"],
    ["/providers/e2b/oauth/token", "/providers/e2b/oauth/token"],
  ])("writes %s as %s", (path, pattern) => {
    expect(patternPath(path)).toBe(pattern);
  });
});
