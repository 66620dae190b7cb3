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

beforeAll(async () => {
  sandbox = await startTestSandbox();
  account = sandbox.addAccount({ payment: true });
  base = `/accounts/${account.accountId}`;
});
afterAll(() => sandbox.close());

const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  sandbox.call(account.bearer, method, path, body, headers);

/** The behaviours of the real plugin that the API has to be ready for. */
describe("for a plugin that", () => {
  it("retries creates without an idempotency key, a second token or account is a second one, as at the vendor", async () => {
    const { body } = await call("POST", "/accounts", { name: "Twin" });
    expect((await call("POST", "/accounts", { name: "Twin" })).body.result.id).not.toBe(
      body.result.id,
    );
    const first = await mintToken(sandbox, account, { account: ["D1 Read"] });
    expect((await mintToken(sandbox, account, { account: ["D1 Read"] })).id).not.toBe(first.id);
  });

  it("deletes accounts for real, a deleted account is gone and so are its apps and tokens", async () => {
    const doomed = sandbox.addAccount({ email: "doomed@example.com" });
    const path = `/accounts/${doomed.accountId}`;
    const { value } = await mintToken(sandbox, doomed, { account: ["D1 Read"] });
    expect((await sandbox.call(doomed.bearer, "DELETE", path)).status).toBe(200);
    expect((await sandbox.call(value, "GET", `${path}/d1/database`)).status).toBe(401);
    expect((await sandbox.call(doomed.bearer, "GET", path)).status).toBe(401);
  });

  it("takes any create for a success, every create answers with its id", async () => {
    const ids = [
      (await call("POST", `${base}/d1/database`, { name: "ids" })).body.result.uuid,
      (await call("POST", `${base}/storage/kv/namespaces`, { title: "ids" })).body.result.id,
      (await call("POST", `${base}/queues`, { queue_name: "ids" })).body.result.queue_id,
      (await call("POST", "/zones", { name: "ids.example", account: { id: account.accountId } }))
        .body.result.id,
      (await call("POST", `${base}/r2/buckets`, { name: "ids-bucket" })).body.result.name,
    ];
    for (const id of ids) expect(id).toMatch(/^[0-9a-z-]{3,}$/);
  });

  it("fails a destroy at 404 and drops what reads as 404, deleting twice is 404 and reading then too", async () => {
    const { uuid } = (await call("POST", `${base}/d1/database`, { name: "gone" })).body.result;
    expect((await call("DELETE", `${base}/d1/database/${uuid}`)).status).toBe(200);
    expect((await call("DELETE", `${base}/d1/database/${uuid}`)).status).toBe(404);
    expect((await call("GET", `${base}/d1/database/${uuid}`)).status).toBe(404);
    const zone = (
      await call("POST", "/zones", { name: "gone.example", account: { id: account.accountId } })
    ).body.result;
    expect((await call("DELETE", `/zones/${zone.id}`)).status).toBe(200);
    expect((await call("GET", `/zones/${zone.id}`)).status).toBe(404);
  });

  it("stops a refresh at 403, a right that is missing is 403 and not 404", async () => {
    const { value } = await mintToken(sandbox, account, { account: ["Queues Read"] });
    const answer = await sandbox.call(
      value,
      "GET",
      `${base}/d1/database/00000000-0000-4000-8000-000000000000`,
    );
    expect(answer.status).toBe(403);
  });

  it("drops a token whose status is expired, the status is expired after the expiry only", async () => {
    const expires = new Date(sandbox.context().now() + 60_000).toISOString();
    const { id } = await mintToken(
      sandbox,
      account,
      { account: ["D1 Read"] },
      { expires_on: expires },
    );
    const status = async () => (await call("GET", `${base}/tokens/${id}`)).body.result.status;
    expect(await status()).toBe("active");
    sandbox.advance(60_001);
    expect(await status()).toBe("expired");
  });

  it("also sends a key and an e-mail address, the token alone decides", async () => {
    const stray = { "x-auth-key": "0123456789", "x-auth-email": "other@example.com" };
    expect((await call("GET", base, undefined, stray)).status).toBe(200);
    expect((await sandbox.call(undefined, "GET", base, undefined, stray)).status).toBe(400);
  });

  it("waits for minutes on 409, a bucket answers it only while it holds something", async () => {
    await call("POST", `${base}/r2/buckets`, { name: "films" });
    const again = await call("POST", `${base}/r2/buckets`, { name: "films" });
    expect([again.status, again.body.errors[0]?.code]).toEqual([409, 10004]);
    await call("PUT", `${base}/r2/buckets/films/objects/a/b.txt`, "reel", {
      "content-type": "text/plain",
    });
    expect((await call("GET", `${base}/r2/buckets/films/objects/a/b.txt`)).text).toBe("reel");
    const listed = await call("GET", `${base}/r2/buckets/films/objects`);
    expect(listed.body.result).toMatchObject([{ key: "a/b.txt", size: 4 }]);
    const full = await call("DELETE", `${base}/r2/buckets/films`);
    expect([full.status, full.body.errors[0]?.code]).toEqual([409, 10008]);
    await call("DELETE", `${base}/r2/buckets/films/objects/a/b.txt`);
    expect((await call("DELETE", `${base}/r2/buckets/films`)).status).toBe(200);
  });

  it("copies error texts into its own, no error repeats what was sent", async () => {
    const form = scriptForm("export default {}", {
      bindings: [
        { type: "secret_text", name: "KEY", text: "hunter2" },
        { type: "d1", name: "DB", id: "nothing" },
      ],
    });
    const answer = await call("PUT", `${base}/workers/scripts/leaky`, form);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0]?.code).toBe(10021);
    expect(answer.text).not.toContain("hunter2");
  });

  it("sends policies' resources as an object, they come back as one and unset conditions do not come back", async () => {
    const groups = await findGroups(sandbox, account.bearer, account.accountId, ["D1 Read"]);
    const resources = { [`com.cloudflare.api.account.${account.accountId}`]: "*" };
    const policies = [{ effect: "allow", permission_groups: groups, resources }];
    const body = { name: "plain", policies, condition: {} };
    const made = (await call("POST", `${base}/tokens`, body)).body.result;
    expect(made.policies[0].resources).toEqual(resources);
    expect(made).not.toHaveProperty("condition");
    expect(made).not.toHaveProperty("expires_on");
    const read = (await call("GET", `${base}/tokens/${made.id}`)).body.result;
    expect(read).not.toHaveProperty("condition");
  });

  it("treats what it did not configure as a change, unset fields are left out", async () => {
    const bucket = (await call("POST", `${base}/r2/buckets`, { name: "plain-bucket" })).body.result;
    expect(bucket).not.toHaveProperty("location");
    const database = (await call("POST", `${base}/d1/database`, { name: "plain" })).body.result;
    expect(database).not.toHaveProperty("read_replication");
    await call(
      "PUT",
      `${base}/workers/scripts/plain`,
      scriptForm("export default { fetch: () => new Response('') };"),
    );
    const settings = (await call("GET", `${base}/workers/scripts/plain/settings`)).body.result;
    expect(settings).not.toHaveProperty("observability");
  });

  it("reads permission groups by name, the name finds exactly one with its scope", async () => {
    const { body } = await call(
      "GET",
      `${base}/tokens/permission_groups?name=Workers+Scripts+Write`,
    );
    expect(body.result).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        name: "Workers Scripts Write",
        scopes: ["com.cloudflare.api.account"],
      },
    ]);
  });
});

describe("a compatibility date", () => {
  const upload = (date: string) =>
    call(
      "PUT",
      `${base}/workers/scripts/dated`,
      scriptForm("export default { fetch: () => new Response('') };", { compatibility_date: date }),
    );

  it("that is newer than the installed workerd is run as the newest one, with a note", async () => {
    const today = new Date().toISOString().slice(0, 10);
    const newest = await sandbox.plane().newestCompatibilityDate();
    const answer = await upload(today);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body.result.compatibility_date).toBe(today);
    expect(answer.body.messages).toHaveLength(today > newest ? 1 : 0);
  });

  it("in the future is refused", async () => {
    expect((await upload("2099-01-01")).body.errors[0]?.code).toBe(10021);
  });
});
