import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toCloudflareCron } from "../../src/adapters/vendors/cloudflare/cron-weekdays.ts";
import type { Lowered, LoweredResource } from "../../src/adapters/vendors/contract.ts";
import { findVendor } from "../../src/adapters/vendors/find-vendor.ts";
import { VENDORS } from "../../src/adapters/vendors/registry.ts";
import { vendorName } from "../../src/adapters/vendors/vendor-name.ts";
import { RESOURCE_KINDS } from "../../src/compiler/vocabulary.ts";
import { compileText, manifestWith } from "../compile/compile-text.ts";
import { testVendor } from "./vendor-suite.ts";

testVendor(findVendor("cloudflare"));

const ADDRESS = { kind: "domain", domain: "example.com", maxPrice: "12 USD" };
const APP = { kind: "app", source: "./app" };

async function lower(resources: Readonly<Record<string, object>>): Promise<Lowered> {
  const { lowered, diagnostics } = await compileText(manifestWith(resources), {
    artifacts: undefined,
  });
  const [first] = lowered ?? [];
  if (first === undefined) throw new Error(JSON.stringify(diagnostics, null, 1));
  return first;
}

async function findErrors(resources: Readonly<Record<string, object>>): Promise<readonly string[]> {
  const { diagnostics } = await compileText(manifestWith(resources), { artifacts: undefined });
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ code, path, message }) => `${code} ${path}: ${message}`);
}

function find({ resources }: Lowered, name: string): LoweredResource {
  const found = resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`no ${name} in ${resources.map((r) => r.name)}`);
  return found;
}

const ref = (resource: string, attribute: string) => ({ kind: "reference", resource, attribute });
const namesOf = ({ resources }: Lowered) => resources.map(({ name }) => name);

describe("what the stack as a whole needs", () => {
  test("a secret alone needs nothing of a provider", async () => {
    expect(namesOf(await lower({ key: { kind: "secret" } }))).toEqual(["key"]);
  });

  test("free resources need an account and a token but no means of payment", async () => {
    expect(namesOf(await lower({ cache: { kind: "kv" } }))).toEqual([
      "cloudflare.account",
      "cloudflare.access-token",
      "cloudflare.provider",
      "cache",
    ]);
  });

  test("a domain needs means of payment and no token, as the broker buys it", async () => {
    expect(namesOf(await lower({ address: ADDRESS }))).toEqual([
      "cloudflare.account",
      "cloudflare.payment-token",
      "address",
    ]);
  });

  test("a bucket waits for the means of payment", async () => {
    const bucket = find(await lower({ media: { kind: "bucket" } }), "media");
    expect(bucket.dependsOn).toEqual(["cloudflare.payment-token"]);
  });

  test("the payment token is capped at the lower of the provider's and the total limit", async () => {
    const token = find(await lower({ address: ADDRESS }), "cloudflare.payment-token");
    expect(token.args).toMatchObject({ cap: "100.00 USD", issuers: ["stripe"] });
  });

  test("the token has the rights that the resources need, each with its reasons", async () => {
    const lowered = await lower({
      address: ADDRESS,
      orders: { kind: "database" },
      jobs: { kind: "queue" },
      api: { ...APP, consumes: ["jobs"], routes: [`\${address.domain}/api/*`] },
      www: { kind: "dns", zone: "address", name: "www", type: "A", content: "192.0.2.1" },
    });
    expect(lowered.permissions).toEqual([
      { group: "D1 Write", scope: "account", because: ["orders"] },
      { group: "Queues Write", scope: "account", because: ["api", "jobs"] },
      { group: "Workers Scripts Write", scope: "account", because: ["api"] },
      { group: "DNS Write", scope: "zone", because: ["www"] },
      { group: "Workers Routes Write", scope: "zone", because: ["api"] },
    ]);
    expect(find(lowered, "cloudflare.access-token").args.zones).toEqual([ref("address", "domain")]);
  });

  test("a custom domain needs no right on the zone", async () => {
    const lowered = await lower({
      address: ADDRESS,
      shop: { ...APP, routes: [`\${address.domain}/*`] },
    });
    expect(lowered.permissions.map(({ group }) => group)).toEqual(["Workers Scripts Write"]);
    expect(find(lowered, "cloudflare.access-token").args.zones).toEqual([]);
  });
});

describe("ways to an app", () => {
  test("without routes it is below the account's workers.dev domain", async () => {
    const lowered = await lower({ shop: APP });
    expect(namesOf(lowered)).toContain("shop.subdomain");
    expect(lowered.outputs).toEqual({
      shop: {
        kind: "concat",
        parts: [
          "https://",
          ref("shop", "script_name"),
          ".",
          ref("cloudflare.account", "app_domain"),
        ],
      },
    });
  });

  test("a whole host becomes a custom domain in the zone that holds it", async () => {
    const lowered = await lower({
      address: ADDRESS,
      shop: { ...APP, routes: [`www.\${address.domain}/*`] },
    });
    expect(namesOf(lowered)).not.toContain("shop.subdomain");
    expect(find(lowered, "shop.domain.www.example.com")).toMatchObject({
      type: "cloudflare_workers_custom_domain",
      args: {
        hostname: { kind: "concat", parts: ["www.", ref("address", "domain")] },
        zone_id: ref("address", "zone_id"),
      },
    });
    expect(lowered.outputs.shop).toEqual({
      kind: "concat",
      parts: ["https://", ref("shop.domain.www.example.com", "hostname")],
    });
  });

  test("a host outside the manifest becomes a custom domain without a zone", async () => {
    const lowered = await lower({ shop: { ...APP, routes: ["www.example.net/*"] } });
    expect(find(lowered, "shop.domain.www.example.net").args).not.toHaveProperty("zone_id");
  });

  test("some paths of a host become a route, and the host's record is proxied", async () => {
    const lowered = await lower({
      address: ADDRESS,
      www: { kind: "dns", zone: "address", name: "www", type: "A", content: "192.0.2.1" },
      mail: { kind: "dns", zone: "address", name: "mail", type: "A", content: "192.0.2.2" },
      api: { ...APP, routes: ["www.example.com/api/*"] },
    });
    const route = lowered.resources.find(({ type }) => type === "cloudflare_workers_route");
    expect(route?.name).toMatch(/^api\.route\.[0-9a-f]{8}$/);
    expect(route?.args).toMatchObject({ pattern: "www.example.com/api/*" });
    expect(find(lowered, "www").args.proxied).toBe(true);
    expect(find(lowered, "mail").args.proxied).toBe(false);
    expect(lowered.outputs.api).toBe("https://www.example.com/api/");
  });

  test("adding a route does not rename the others", async () => {
    const routes = ["a.example.com/*", "b.example.com/x/*"];
    const before = await lower({ address: ADDRESS, shop: { ...APP, routes } });
    const after = await lower({
      address: ADDRESS,
      shop: { ...APP, routes: ["c.example.com/*", "d.example.com/y*", ...routes] },
    });
    expect(namesOf(after)).toEqual(expect.arrayContaining(namesOf(before)));
  });
});

describe("what an app finds", () => {
  test("each kind is bound in Cloudflare's way, in the manifest's order", async () => {
    const lowered = await lower({
      db: { kind: "database" },
      files: { kind: "bucket" },
      cache: { kind: "kv" },
      jobs: { kind: "queue" },
      key: { kind: "secret" },
      search: { kind: "service", service: "upstash/redis" },
      other: APP,
      shop: {
        ...APP,
        bind: {
          DB: "db",
          FILES: "files",
          CACHE: "cache",
          JOBS: "jobs",
          KEY: "key",
          SEARCH: "search",
          OTHER: "other",
        },
        env: { GREETING: "hello", BUCKET: `in \${files.name}` },
      },
    });
    const field = (fields: object) => ({ kind: "object", fields });
    expect(find(lowered, "shop").args.bindings).toEqual([
      field({ name: "DB", type: "d1", id: ref("db", "id") }),
      field({ name: "FILES", type: "r2_bucket", bucket_name: ref("files", "name") }),
      field({ name: "CACHE", type: "kv_namespace", namespace_id: ref("cache", "id") }),
      field({ name: "JOBS", type: "queue", queue_name: ref("jobs", "queue_name") }),
      field({ name: "KEY", type: "secret_text", text: ref("key", "value") }),
      field({
        name: "SEARCH",
        type: "secret_text",
        text: { kind: "json", value: ref("search", "credentials") },
      }),
      field({ name: "OTHER", type: "service", service: ref("other", "script_name") }),
      field({ name: "GREETING", type: "plain_text", text: "hello" }),
      field({
        name: "BUCKET",
        type: "plain_text",
        text: { kind: "concat", parts: ["in ", ref("files", "name")] },
      }),
    ]);
  });

  test("one trigger carries all schedules of an app, under the first one's name", async () => {
    const lowered = await lower({
      shop: APP,
      nightly: { kind: "cron", app: "shop", schedule: "0 3 * * *" },
      weekly: { kind: "cron", app: "shop", schedule: "0 4 * * 0" },
    });
    const triggers = lowered.resources.filter(
      ({ type }) => type === "cloudflare_workers_cron_trigger",
    );
    expect(triggers.map(({ name, args }) => ({ name, schedules: args.schedules }))).toEqual([
      {
        name: "nightly",
        schedules: [
          { kind: "object", fields: { cron: "0 3 * * *" } },
          { kind: "object", fields: { cron: "0 4 * * SUN" } },
        ],
      },
    ]);
  });

  test.each([
    ["0 3 * * *", "0 3 * * *"],
    ["0 3 * * */2", "0 3 * * */2"],
    ["0 3 * * 0", "0 3 * * SUN"],
    ["0 3 * * 7", "0 3 * * SUN"],
    ["0 3 * * 1-5", "0 3 * * MON-FRI"],
    ["0 3 * * MON-FRI", "0 3 * * MON-FRI"],
    ["0 3 * * 5-7", "0 3 * * FRI,SAT,SUN"],
    ["0 3 * * 1-5/2,6", "0 3 * * MON,WED,FRI,SAT"],
    ["5 4 1-3 JAN 2", "5 4 1-3 JAN TUE"],
  ])("the schedule %s is %s at Cloudflare", (schedule, expected) => {
    expect(toCloudflareCron(schedule)).toBe(expected);
  });
});

describe("what Cloudflare refuses", () => {
  test("PostgreSQL, and says who serves it", async () => {
    const { diagnostics } = await compileText(
      manifestWith({ db: { kind: "database", engine: "postgres" } }),
    );
    expect(diagnostics[0]).toMatchObject({
      code: "SC3010",
      remedy: expect.stringContaining("neon/postgres"),
    });
  });

  test("a queue with two consumers, a route without a zone, a record at an app's host", async () => {
    const errors = await findErrors({
      address: ADDRESS,
      jobs: { kind: "queue" },
      one: { ...APP, consumes: ["jobs"], routes: ["www.example.com/*"] },
      two: { ...APP, consumes: ["jobs"], routes: ["www.example.net/api/*"] },
      www: { kind: "dns", zone: "address", name: "www", type: "A", content: "192.0.2.1" },
    });
    expect(errors.map((error) => error.slice(0, error.indexOf(":")))).toEqual([
      "SC3010 resources.two.consumes[0]",
      "SC3010 resources.two.routes[0]",
      "SC3010 resources.www",
    ]);
  });

  test("an ending that its registrar does not sell", async () => {
    const errors = await findErrors({
      address: { kind: "domain", domain: "example.inc", maxPrice: "12 USD" },
    });
    expect(errors.join()).toContain("does not sell .inc");
  });
});

describe("names at Cloudflare", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,62}$/);

  test("they are valid for every product", () => {
    fc.assert(
      fc.property(name, name, name, (manifest, stack, resource) => {
        expect(vendorName({ name: manifest, stack }, resource)).toMatch(
          /^[a-z](?:[a-z0-9-]{1,61}[a-z0-9])$/,
        );
      }),
    );
  });

  test("resources of one stack have different ones", () => {
    fc.assert(
      fc.property(
        name,
        name,
        fc.uniqueArray(name, { minLength: 2, maxLength: 20 }),
        (manifest, stack, resources) => {
          const names = resources.map((one) => vendorName({ name: manifest, stack }, one));
          expect(new Set(names).size).toBe(resources.length);
        },
      ),
    );
  });

  test("a short name is readable and a long one ends in a digest of the whole", () => {
    expect(vendorName({ name: "storefront", stack: "local" }, "orders")).toBe(
      "storefront-local-orders",
    );
    const long = vendorName({ name: "a".repeat(40), stack: "prod" }, "b".repeat(40));
    expect(long).toMatch(/^a{40}-prod-b{8}-[0-9a-f]{8}$/);
  });
});

describe("the registry", () => {
  test("every vendor is found by its id and serves kinds that exist", () => {
    for (const vendor of VENDORS) {
      expect(findVendor(vendor.id)).toBe(vendor);
      for (const kind of vendor.kinds) expect(RESOURCE_KINDS).toContain(kind);
    }
  });

  test("Cloudflare serves every kind", () => {
    expect([...findVendor("cloudflare").kinds].sort()).toEqual([...RESOURCE_KINDS].sort());
  });

  test("services of any other provider go through the provisioning protocol", async () => {
    const { lowered } = await compileText(
      manifestWith({ search: { kind: "service", service: "upstash/redis" } }),
      { artifacts: undefined },
    );
    expect(lowered).toMatchObject([
      {
        provider: "upstash",
        resources: [
          { name: "upstash.account", args: { provider: "upstash" } },
          {
            name: "upstash.payment-token",
            args: { account: ref("upstash.account", "account_id") },
          },
          { name: "search", args: { service: "upstash/redis" } },
        ],
      },
    ]);
  });
});
