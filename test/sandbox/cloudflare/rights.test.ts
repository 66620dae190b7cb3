import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  findGroups,
  mintToken,
  scriptForm,
  startTestSandbox,
  type TestSandbox,
} from "./test-sandbox.ts";

let sandbox: TestSandbox;
let account: { accountId: string; bearer: string };
let base: string;
let zoneId: string;
let otherZoneId: string;

beforeAll(async () => {
  sandbox = await startTestSandbox();
  account = sandbox.addAccount({ payment: true });
  base = `/accounts/${account.accountId}`;
  const zone = async (name: string) => {
    const answer = await sandbox.call(account.bearer, "POST", "/zones", {
      name,
      account: { id: account.accountId },
    });
    return answer.body.result.id;
  };
  zoneId = await zone("example.com");
  otherZoneId = await zone("example.net");
  const script = scriptForm("export default { fetch: () => new Response('') };");
  await sandbox.call(account.bearer, "PUT", `${base}/workers/scripts/shop`, script);
  await sandbox.call(account.bearer, "POST", `${base}/r2/buckets`, { name: "media" });
});
afterAll(() => sandbox.close());

/** What each group lets through; `A` is the account, `Z` the zone. The call's own success is not the point: only 403 is. */
const RIGHTS: readonly (readonly [
  group: string,
  scope: "account" | "zone",
  method: string,
  path: string,
  body?: unknown,
])[] = [
  ["Account Settings Read", "account", "GET", "A"],
  ["Account Settings Write", "account", "PUT", "A", { name: "Acme" }],
  ["Account API Tokens Read", "account", "GET", "A/tokens"],
  ["Account API Tokens Write", "account", "POST", "A/tokens", {}],
  ["D1 Read", "account", "GET", "A/d1/database"],
  ["D1 Write", "account", "POST", "A/d1/database", { name: "orders" }],
  ["Workers R2 Storage Read", "account", "GET", "A/r2/buckets"],
  ["Workers R2 Storage Write", "account", "POST", "A/r2/buckets", { name: "films" }],
  ["Workers KV Storage Read", "account", "GET", "A/storage/kv/namespaces"],
  ["Workers KV Storage Write", "account", "POST", "A/storage/kv/namespaces", { title: "cache" }],
  ["Queues Read", "account", "GET", "A/queues"],
  ["Queues Write", "account", "POST", "A/queues", { queue_name: "mail" }],
  ["Workers Scripts Read", "account", "GET", "A/workers/scripts/shop/settings"],
  [
    "Workers Scripts Write",
    "account",
    "PUT",
    "A/workers/scripts/shop/secrets",
    { name: "K", text: "v" },
  ],
  ["Registrar Domains Read", "account", "POST", "A/registrar/domain-check", { domains: ["a.com"] }],
  [
    "Registrar Domains Write",
    "account",
    "PATCH",
    "A/registrar/registrations/a.com",
    { auto_renew: true },
  ],
  ["Notifications Write", "account", "POST", "A/alerting/v3/policies", {}],
  [
    "Workers Routes Write",
    "zone",
    "POST",
    "Z/workers/routes",
    { pattern: "example.com/*", script: "shop" },
  ],
  ["Workers Routes Read", "zone", "GET", "Z/workers/routes"],
  ["DNS Read", "zone", "GET", "Z/dns_records"],
  ["DNS Write", "zone", "POST", "Z/dns_records", { type: "A", name: "www", content: "192.0.2.1" }],
  ["Zone Read", "zone", "GET", "Z"],
  ["Zone Write", "zone", "PATCH", "Z", { paused: false }],
];

const CASES = RIGHTS.map(([group, scope, method, path, body]) => ({
  group,
  scope,
  method,
  path,
  body,
}));

describe.each(CASES)("$group", ({ group, scope, method, path, body }) => {
  const place = () => path.replace(/^A/, base).replace(/^Z/, `/zones/${zoneId}`);

  it(`lets ${method} ${path} through`, async () => {
    const rights = scope === "account" ? { account: [group] } : { zone: [group], zones: [zoneId] };
    const { value } = await mintToken(sandbox, account, rights);
    const answer = await sandbox.call(value, method, place(), body);
    expect([401, 403, 405], answer.text).not.toContain(answer.status);
  });

  it(`is missing from every other token, which ${method} ${path} refuses`, async () => {
    // Writing holds reading, so the neighbour group is left out as well.
    const stem = group.replace(/ (Read|Write)$/, "");
    const others = (wanted: "account" | "zone") =>
      RIGHTS.filter((right) => right[1] === wanted && !right[0].startsWith(stem)).map(
        (right) => right[0],
      );
    const settings = others("account").filter(
      (name) => stem !== "Notifications" || !name.startsWith("Account Settings"),
    );
    const { value } = await mintToken(sandbox, account, {
      account: settings,
      zone: others("zone"),
    });
    const answer = await sandbox.call(value, method, place(), body);
    expect(answer.status).toBe(403);
    expect(answer.body.errors[0]?.code).toBe(10000);
  });
});

describe("a token", () => {
  it("that only reads cannot write", async () => {
    const { value } = await mintToken(sandbox, account, {
      account: ["D1 Read"],
      zone: ["DNS Read"],
    });
    expect((await sandbox.call(value, "POST", `${base}/d1/database`, { name: "x" })).status).toBe(
      403,
    );
    expect((await sandbox.call(value, "POST", `/zones/${zoneId}/dns_records`, {})).status).toBe(
      403,
    );
  });

  it("for one zone reaches no other zone, neither in a list", async () => {
    const { value } = await mintToken(sandbox, account, { zone: ["Zone Read"], zones: [zoneId] });
    expect((await sandbox.call(value, "GET", `/zones/${otherZoneId}`)).status).toBe(403);
    const listed = await sandbox.call(value, "GET", "/zones");
    expect(listed.body.result.map((zone: { name: string }) => zone.name)).toEqual(["example.com"]);
  });

  it("with zone rights on an account's zones, nested under the account, reaches them all", async () => {
    const groups = await findGroups(sandbox, account.bearer, account.accountId, ["Zone Read"]);
    const resources = {
      [`com.cloudflare.api.account.${account.accountId}`]: {
        "com.cloudflare.api.account.zone.*": "*",
      },
    };
    const policies = [{ effect: "allow", permission_groups: groups, resources }];
    const minted = await sandbox.call(account.bearer, "POST", `${base}/tokens`, {
      name: "nested",
      policies,
    });
    expect(
      (await sandbox.call(minted.body.result.value, "GET", `/zones/${otherZoneId}`)).status,
    ).toBe(200);
  });

  it("is refused what a deny policy takes away", async () => {
    const groups = await findGroups(sandbox, account.bearer, account.accountId, ["D1 Write"]);
    const resources = { [`com.cloudflare.api.account.${account.accountId}`]: "*" };
    const policies = ["allow", "deny"].map((effect) => ({
      effect,
      permission_groups: groups,
      resources,
    }));
    const minted = await sandbox.call(account.bearer, "POST", `${base}/tokens`, {
      name: "denied",
      policies,
    });
    expect(
      (await sandbox.call(minted.body.result.value, "GET", `${base}/d1/database`)).status,
    ).toBe(403);
  });

  it("ends at its expiry, and its status says so", async () => {
    const expiresOn = new Date(sandbox.context().now() + 3_600_000).toISOString();
    const { id, value } = await mintToken(
      sandbox,
      account,
      { account: ["D1 Read"] },
      { expires_on: expiresOn },
    );
    expect((await sandbox.call(value, "GET", `${base}/d1/database`)).status).toBe(200);
    sandbox.advance(3_600_001);
    expect((await sandbox.call(value, "GET", `${base}/d1/database`)).status).toBe(401);
    expect((await sandbox.call(value, "GET", `${base}/tokens/verify`)).body.result).toMatchObject({
      id,
      status: "expired",
    });
    const list = async (query: string) => {
      const answer = await sandbox.call(
        account.bearer,
        "GET",
        `${base}/tokens?per_page=500${query}`,
      );
      return answer.body.result.filter((token: { id: string }) => token.id === id).length;
    };
    expect([await list(""), await list("&include_expired=true")]).toEqual([0, 1]);
  });

  it("is not valid before its time", async () => {
    const notBefore = new Date(sandbox.context().now() + 3_600_000).toISOString();
    const { value } = await mintToken(
      sandbox,
      account,
      { account: ["D1 Read"] },
      { not_before: notBefore },
    );
    expect((await sandbox.call(value, "GET", `${base}/d1/database`)).status).toBe(401);
  });

  it("can be disabled, rolled and deleted, each at once", async () => {
    const { id, value } = await mintToken(sandbox, account, { account: ["D1 Read"] });
    const path = `${base}/tokens/${id}`;
    const use = async (token: string) =>
      (await sandbox.call(token, "GET", `${base}/d1/database`)).status;
    const { policies, name } = (await sandbox.call(account.bearer, "GET", path)).body.result;
    await sandbox.call(account.bearer, "PUT", path, { name, policies, status: "disabled" });
    expect(await use(value)).toBe(401);
    await sandbox.call(account.bearer, "PUT", path, { name, policies, status: "active" });
    const rolled = (await sandbox.call(account.bearer, "PUT", `${path}/value`, {})).body.result;
    expect([await use(value), await use(rolled)]).toEqual([401, 200]);
    expect((await sandbox.call(account.bearer, "DELETE", path)).status).toBe(200);
    expect(await use(rolled)).toBe(401);
    expect((await sandbox.call(account.bearer, "GET", path)).status).toBe(404);
    const entry = sandbox
      .surface()
      .books?.()
      .accessTokens?.find(({ tokenId }) => tokenId === id);
    expect(entry).toMatchObject({ status: "revoked", permissions: ["D1 Read"] });
  });

  it("has the documented form, shows its value once, and is good for the provider", async () => {
    const { id, value } = await mintToken(sandbox, account, { account: ["D1 Read"] });
    expect(value).toMatch(/^cfat_[0-9a-zA-Z]{40}[0-9a-f]{8}$/);
    expect(value).toMatch(/^[0-9A-Za-z\-_]{40,80}$/);
    const read = await sandbox.call(account.bearer, "GET", `${base}/tokens/${id}`);
    expect(read.text).not.toContain(value);
    expect(read.body.result.value).toBeUndefined();
  });

  it("for other addresses than this machine's is refused", async () => {
    const { value } = await mintToken(
      sandbox,
      account,
      { account: ["D1 Read"] },
      { condition: { request_ip: { in: ["192.0.2.0/24"] } } },
    );
    expect((await sandbox.call(value, "GET", `${base}/d1/database`)).status).toBe(403);
    const local = await mintToken(
      sandbox,
      account,
      { account: ["D1 Read"] },
      { condition: { "request.ip": { in: ["127.0.0.0/8"] } } },
    );
    expect((await sandbox.call(local.value, "GET", `${base}/d1/database`)).status).toBe(200);
  });

  it("cannot be given rights on what its owner does not have", async () => {
    const stranger = sandbox.addAccount({ email: "stranger@example.com" });
    const groups = await findGroups(sandbox, account.bearer, account.accountId, ["D1 Read"]);
    const resources = { [`com.cloudflare.api.account.${stranger.accountId}`]: "*" };
    const policies = [{ effect: "allow", permission_groups: groups, resources }];
    const answer = await sandbox.call(account.bearer, "POST", `${base}/tokens`, {
      name: "greedy",
      policies,
    });
    expect(answer.status).toBe(400);
  });
});

describe("an account", () => {
  it("is out of reach for another one's bearer and tokens, however wide", async () => {
    const stranger = sandbox.addAccount({ email: "stranger@example.com" });
    const wide = await mintToken(sandbox, account, {
      account: ["D1 Write", "Account Settings Read"],
      zone: ["Zone Write"],
    });
    for (const token of [account.bearer, wide.value]) {
      expect(
        (await sandbox.call(token, "GET", `/accounts/${stranger.accountId}/d1/database`)).status,
      ).toBe(403);
      expect((await sandbox.call(token, "GET", `/accounts/${stranger.accountId}`)).status).toBe(
        403,
      );
    }
    expect((await sandbox.call(stranger.bearer, "GET", `/zones/${zoneId}`)).status).toBe(403);
    const listed = await sandbox.call(stranger.bearer, "GET", "/accounts");
    expect(listed.body.result.map((one: { id: string }) => one.id)).not.toContain(
      account.accountId,
    );
    const database = await sandbox.call(account.bearer, "POST", `${base}/d1/database`, {
      name: "mine",
    });
    const path = `/accounts/${stranger.accountId}/d1/database/${database.body.result.uuid}`;
    expect((await sandbox.call(stranger.bearer, "GET", path)).status).toBe(404);
  });

  it("is made once per idempotency key, by a person and not by an account's token", async () => {
    const create = (token: string, name: string, key: string) =>
      sandbox.call(token, "POST", "/accounts", { name }, { "idempotency-key": key });
    const first = await create(account.bearer, "Second", "key-1");
    expect((await create(account.bearer, "Second", "key-1")).body.result).toEqual(
      first.body.result,
    );
    expect((await create(account.bearer, "Third", "key-1")).status).toBe(409);
    const { value } = await mintToken(sandbox, account, { account: ["Account Settings Write"] });
    expect((await create(value, "Fourth", "key-2")).status).toBe(403);
    const id = first.body.result.id;
    expect((await sandbox.call(account.bearer, "GET", `/accounts/${id}`)).body.result.name).toBe(
      "Second",
    );
    expect((await sandbox.call(account.bearer, "DELETE", `/accounts/${id}`)).status).toBe(200);
    expect((await sandbox.call(account.bearer, "GET", `/accounts/${id}`)).status).toBe(404);
  });

  it("can be managed with a token that a person owns", async () => {
    const group = async (name: string) => {
      const found = await sandbox.call(
        account.bearer,
        "GET",
        `/user/tokens/permission_groups?name=${encodeURIComponent(name)}`,
      );
      return { id: found.body.result[0].id };
    };
    const policies = [
      {
        effect: "allow",
        permission_groups: [await group("D1 Write")],
        resources: { "com.cloudflare.api.account.*": "*" },
      },
    ];
    const minted = await sandbox.call(account.bearer, "POST", "/user/tokens", {
      name: "mine",
      policies,
    });
    const { value, id } = minted.body.result;
    expect(value).toMatch(/^cfut_/);
    expect((await sandbox.call(value, "GET", `${base}/d1/database`)).status).toBe(200);
    expect((await sandbox.call(value, "GET", `${base}/queues`)).status).toBe(403);
    expect((await sandbox.call(value, "GET", "/user/tokens")).status).toBe(403);
    expect((await sandbox.call(account.bearer, "DELETE", `/user/tokens/${id}`)).status).toBe(200);
  });
});

describe("a request", () => {
  it("without credential is 400, with one that nobody gave out 401, with a revoked bearer 401", async () => {
    expect((await sandbox.call(undefined, "GET", base)).status).toBe(400);
    expect((await sandbox.call("cfat_000", "GET", base)).status).toBe(401);
    const gone = sandbox.addAccount({ email: "gone@example.com" });
    sandbox.advance(31 * 86_400_000);
    expect((await sandbox.call(gone.bearer, "GET", `/accounts/${gone.accountId}`)).status).toBe(
      401,
    );
  });

  it("to an unknown path is 404, by an unknown method 405, with a broken body 400", async () => {
    const fresh = sandbox.addAccount();
    const path = `/accounts/${fresh.accountId}`;
    expect((await sandbox.call(fresh.bearer, "GET", `${path}/nothing/here`)).status).toBe(404);
    expect((await sandbox.call(fresh.bearer, "PATCH", `${path}/queues`, {})).status).toBe(405);
    expect((await sandbox.call(fresh.bearer, "POST", `${path}/queues`, "{")).status).toBe(400);
  });
});
