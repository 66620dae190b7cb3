import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHostMatcher, normaliseHost } from "../../../src/sandbox/data-plane/match-host.ts";
import { EMPTY_PLAN, type PlaneWorker } from "../../../src/sandbox/data-plane/plan.ts";
import { parseRoutePattern } from "../../../src/sandbox/data-plane/route-pattern.ts";
import { scriptForm, startTestSandbox, type TestSandbox } from "./test-sandbox.ts";

const worker = (id: string): PlaneWorker => ({
  id,
  hasCode: true,
  format: "modules",
  modules: [],
  compatibilityDate: "2026-01-01",
  compatibilityFlags: [],
  bindings: [],
  crons: [],
});

describe("a host", () => {
  it.each([
    ["Example-Shop.com:8080", "example-shop.com"],
    ["example-shop.com.localhost:8080", "example-shop.com"],
    ["example-shop.com.", "example-shop.com"],
    ["localhost:8080", "localhost"],
  ])("%s is %s", (header, host) => {
    expect(normaliseHost(header)).toBe(host);
  });
});

describe("a route", () => {
  const find = createHostMatcher({
    ...EMPTY_PLAN,
    workers: ["all", "api", "deep", "sub", "custom"].map(worker),
    hosts: [
      { host: "app.example.com", worker: "custom" },
      { host: "gone.example.com", worker: "deleted" },
    ],
    routes: [
      { pattern: "*example.com/*", worker: "all" },
      { pattern: "example.com/api/*", worker: "api" },
      { pattern: "example.com/api/v2/*", worker: "deep" },
      { pattern: "*.shop.example.com/*", worker: "sub" },
      { pattern: "example.com/static/*" },
    ],
  });

  it.each([
    ["example.com", "/", "all"],
    ["example.com", "/api/x", "api"],
    ["example.com", "/api/v2/x", "deep"],
    ["www.example.com", "/api/x", "all"],
    ["a.shop.example.com", "/", "sub"],
    ["example.com", "/static/a.css", undefined],
    ["example.org", "/", undefined],
  ])("the most specific one answers %s%s: %s", (host, path, expected) => {
    expect(find(host, path)).toBe(expected);
  });

  it("goes before a custom domain, which answers where no route does", () => {
    expect(find("app.example.com", "/")).toBe("all");
    const alone = createHostMatcher({
      ...EMPTY_PLAN,
      workers: [worker("custom")],
      hosts: [{ host: "app.example.com", worker: "custom" }],
      routes: [],
    });
    expect(alone("app.example.com", "/x")).toBe("custom");
  });

  it.each(["example.com/a*b", "exa*mple.com/", "example.com/?q=1", "*/", ""])(
    "%s is no pattern",
    (pattern) => {
      expect(parseRoutePattern(pattern)).toBeUndefined();
    },
  );
});

describe("over HTTP", () => {
  let sandbox: TestSandbox;
  let base: string;
  let zone: string;
  let bearer: string;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
    const account = sandbox.addAccount();
    bearer = account.bearer;
    base = `/accounts/${account.accountId}`;
    const made = await sandbox.call(bearer, "POST", "/zones", {
      name: "example.com",
      account: { id: account.accountId },
    });
    zone = made.body.result.id;
    await sandbox.call(
      bearer,
      "PUT",
      `${base}/workers/scripts/api`,
      scriptForm("export default { fetch: (request) => new Response('api ' + request.url) };"),
    );
    const front = "export default { fetch: (request, env) => env.API.fetch(request) };";
    const bindings = [{ type: "service", name: "API", service: "api" }];
    await sandbox.call(
      bearer,
      "PUT",
      `${base}/workers/scripts/front`,
      scriptForm(front, { bindings }),
    );
  });
  afterAll(() => sandbox.close());

  it("a route and a custom domain reach their Workers, one Worker reaches another", async () => {
    const route = await sandbox.call(bearer, "POST", `/zones/${zone}/workers/routes`, {
      pattern: "example.com/api/*",
      script: "api",
    });
    expect(route.status, route.text).toBe(200);
    const domain = await sandbox.call(bearer, "PUT", `${base}/workers/domains`, {
      hostname: "app.example.com",
      service: "front",
    });
    expect(domain.body.result.zone_id).toBe(zone);
    expect((await sandbox.app("example.com", "/api/x")).text).toBe("api http://example.com/api/x");
    expect((await sandbox.app("example.com", "/x")).status).toBe(404);
    expect((await sandbox.app("app.example.com.localhost", "/y")).text).toBe(
      "api http://app.example.com/y",
    );
    await sandbox.call(bearer, "DELETE", `${base}/workers/domains/${domain.body.result.id}`);
    expect((await sandbox.app("app.example.com", "/y")).status).toBe(404);
  });

  it("routes must lie in the zone, name a script, and be one of a kind", async () => {
    const put = async (pattern: string, script: string) => {
      const answer = await sandbox.call(bearer, "POST", `/zones/${zone}/workers/routes`, {
        pattern,
        script,
      });
      return [answer.status, answer.body.errors[0]?.code];
    };
    expect(await put("example.org/*", "api")).toEqual([400, 10022]);
    expect(await put("example.com/b/*", "nothing")).toEqual([400, 10019]);
    expect(await put("example.com/api/*", "api")).toEqual([409, 10020]);
  });

  it("two accounts have scripts and buckets of the same name side by side", async () => {
    const other = sandbox.addAccount({ email: "other@example.com" });
    const otherBase = `/accounts/${other.accountId}`;
    await sandbox.call(other.bearer, "PUT", `${otherBase}/workers/subdomain`, {
      subdomain: "other",
    });
    await sandbox.call(
      other.bearer,
      "PUT",
      `${otherBase}/workers/scripts/api`,
      scriptForm("export default { fetch: () => new Response('other') };"),
    );
    await sandbox.call(other.bearer, "POST", `${otherBase}/workers/scripts/api/subdomain`, {
      enabled: true,
    });
    expect((await sandbox.app("api.other.workers.dev", "/")).text).toBe("other");
    expect((await sandbox.app("example.com", "/api/x")).text).toContain("api ");
    const taken = await sandbox.call(bearer, "PUT", `${base}/workers/subdomain`, {
      subdomain: "other",
    });
    expect(taken.status).toBe(400);
  });

  it("a binding to something that is not there is refused at the upload", async () => {
    const code = "export default { fetch: () => new Response('') };";
    const upload = async (binding: object) => {
      const answer = await sandbox.call(
        bearer,
        "PUT",
        `${base}/workers/scripts/bad`,
        scriptForm(code, { bindings: [binding] }),
      );
      return [answer.status, answer.body.errors[0]?.code];
    };
    expect(await upload({ type: "service", name: "S", service: "nothing" })).toEqual([400, 10143]);
    expect(await upload({ type: "kv_namespace", name: "K", namespace_id: "nothing" })).toEqual([
      400, 10041,
    ]);
    expect(await upload({ type: "r2_bucket", name: "B", bucket_name: "nothing" })).toEqual([
      400, 10085,
    ]);
    expect(await upload({ type: "queue", name: "Q", queue_name: "nothing" })).toEqual([400, 11000]);
    expect(await upload({ type: "durable_object_namespace", name: "D", class_name: "X" })).toEqual([
      400, 10021,
    ]);
  });
});
