import { describe, expect, test } from "vitest";
import netlify from "../../src/adapters/vendors/netlify/index.ts";
import { errorsOf } from "../compile/compile-text.ts";
import { ADDRESS, APP, findResource, lowerFor, ownOf } from "./function-vendor.ts";
import { compileFor } from "./kind-cases.ts";
import { plainValue } from "./plain-value.ts";
import { testVendor } from "./vendor-suite.ts";

testVendor(netlify);

type Resources = Readonly<Record<string, object>>;

const lower = (resources: Resources) => lowerFor(netlify, resources);
type Lowered = Awaited<ReturnType<typeof lower>>;

const argsOf = (lowered: Lowered, name: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(findResource(lowered, name).args).map(([key, value]) => [
      key,
      plainValue(value),
    ]),
  );
const typesOf = ({ resources }: Lowered) => resources.map(({ type }) => type).toSorted();

/** What every app or site has. */
const WEB = ["netlify_deploy", "netlify_site"];

describe("least permissions", () => {
  test.each([
    ["nothing", {}, []],
    ["a secret", { it: { kind: "secret" } }, ["supercargo_secret"]],
    ["an app", { it: APP }, WEB],
    ["a bucket", { it: { kind: "bucket" } }, ["netlify_blob_store"]],
    ["a kv", { it: { kind: "kv" } }, ["netlify_blob_store"]],
    ["a queue", { it: { kind: "queue" } }, ["netlify_blob_store"]],
  ])("an app that binds %s has no right but by its variable", async (_, targets, more) => {
    const bind = Object.fromEntries(Object.keys(targets).map((name) => ["IT", name]));
    const lowered = await lower({ ...targets, shop: { ...APP, bind } });
    expect(typesOf(lowered)).toEqual([...WEB, ...more].toSorted());
  });

  test("a store belongs to the one app that binds it, and is nothing without one", async () => {
    const media = { kind: "bucket" };
    const bound = await lower({ media, shop: { ...APP, bind: { A: "media", B: "media" } } });
    expect(argsOf(bound, "media")).toEqual({ site_id: "<shop.id>", name: "media" });
    const alone = await lower({ media, shop: { ...APP, env: { NAME: `\${media.name}` } } });
    expect(typesOf(alone)).toEqual(WEB);
    expect(argsOf(alone, "shop.deploy").environment).toEqual({ NAME: "media" });
    const shared = await compileFor(netlify, {
      media,
      shop: { ...APP, bind: { MEDIA: "media" } },
      other: { ...APP, bind: { MEDIA: "media" } },
    });
    expect(errorsOf(shared)).toEqual(["SC3010"]);
    const passed = await compileFor(netlify, {
      jobs: { kind: "queue" },
      shop: { ...APP, bind: { JOBS: "jobs" } },
      worker: { ...APP, consumes: ["jobs"] },
    });
    expect(errorsOf(passed)).toEqual(["SC3010"]);
  });
});

test("what an app finds is what the runtime reads", async () => {
  const lowered = await lower({
    media: { kind: "bucket" },
    seen: { kind: "kv" },
    jobs: { kind: "queue" },
    key: { kind: "secret" },
    ledger: { kind: "service", service: "neon/postgres" },
    mailer: APP,
    shop: {
      ...APP,
      env: { GREETING: "hello" },
      bind: {
        MEDIA: "media",
        SEEN: "seen",
        JOBS: "jobs",
        KEY: "key",
        LEDGER: "ledger",
        MAILER: "mailer",
      },
    },
  });
  expect(argsOf(lowered, "shop.deploy").environment).toEqual({
    MEDIA: "netlify-blobs:media",
    SEEN: "netlify-kv:seen",
    JOBS: "netlify-queue:jobs",
    KEY: "<key.value>",
    LEDGER: "<ledger.credentials>",
    MAILER: "https://<mailer.name>.netlify.app",
    GREETING: "hello",
    SUPERCARGO_BINDINGS: "MEDIA,SEEN,JOBS",
  });
});

describe("a deploy", () => {
  test("is made of what is known before, with a function for each time and queue of its app", async () => {
    const lowered = await lower({
      jobs: { kind: "queue" },
      shop: { ...APP, consumes: ["jobs"] },
      nightly: { kind: "cron", app: "shop", schedule: "0 3 * * SUN" },
      again: { kind: "cron", app: "shop", schedule: "0 3 * * 7" },
      weekly: { kind: "cron", app: "shop", schedule: "30 4 * JAN *" },
    });
    const schedules = { "schedule-1": "0 3 * * 0", "schedule-2": "30 4 * 1 *" };
    expect(argsOf(lowered, "shop.deploy")).toMatchObject({
      site_id: "<shop.id>",
      runtime: "nodejs24.x",
      function_schedules: { ...schedules, "queue-1": "* * * * *" },
    });
    expect(lowered.artifacts).toEqual([
      {
        ...{ kind: "netlify-output", name: "shop", source: "app" },
        content: { kind: "app", entry: "index.ts", schedules, queues: { "queue-1": "jobs" } },
      },
    ]);
  });

  test("of a site has no function and no variable", async () => {
    const lowered = await lower({ docs: { kind: "site", source: "./public", spa: true } });
    expect(Object.keys(argsOf(lowered, "docs.deploy"))).toEqual(["site_id", "directory", "sha256"]);
    expect(lowered.artifacts).toMatchObject([{ content: { kind: "site", spa: true } }]);
    expect(lowered.prices.map(({ service }) => service)).toEqual(["netlify/web"]);
  });
});

describe("a host", () => {
  test("of one's own has a record in the zone, whoever keeps that", async () => {
    const result = await compileFor(netlify, {
      address: ADDRESS,
      shop: { ...APP, routes: [`\${address.domain}/*`, `shop.\${address.domain}/*`] },
    });
    const zone = ownOf(result, "cloudflare");
    const records = zone.resources.filter(({ type }) => type === "cloudflare_dns_record");
    expect(records.map(({ args: { name, content } }) => [name, content].map(plainValue))).toEqual([
      ["<address.domain>", "apex-loadbalancer.netlify.com"],
      ["shop.<address.domain>", "<shop.name>.netlify.app"],
    ]);
    expect(zone.permissions).toEqual([{ group: "DNS Write", scope: "zone", because: ["shop"] }]);
    const own = ownOf(result, "netlify");
    expect(argsOf(own, "shop")).toMatchObject({
      custom_domain: "<address.domain>",
      domain_aliases: ["shop.<address.domain>"],
    });
    expect(plainValue(own.outputs.shop)).toBe("https://<address.domain>");
  });

  test("outside of the manifest has none, for its zone is somebody else's", async () => {
    const result = await compileFor(netlify, { shop: { ...APP, routes: ["shop.example.net/*"] } });
    expect(result.lowered?.map(({ provider }) => provider)).toEqual(["netlify"]);
  });

  const shop = { ...APP, routes: [`\${address.domain}/*`] };
  test.each([
    ["some of its paths", { shop: { ...APP, routes: [`\${address.domain}/api/*`] } }],
    ["two apps", { shop, other: { ...APP, routes: ["example.com/*"] } }],
    ["an app and a www elsewhere", { shop, other: { ...APP, routes: ["www.example.com/*"] } }],
    [
      "a record of the same name",
      {
        shop: { ...APP, routes: [`api.\${address.domain}/*`] },
        www: { kind: "dns", zone: "address", name: "api", type: "A", content: "192.0.2.1" },
      },
    ],
  ])("is refused for %s", async (_, resources) => {
    const errors = errorsOf(await compileFor(netlify, { address: ADDRESS, ...resources }));
    expect(errors).toHaveLength(1);
    expect(["SC3010", "SC3020"]).toContain(errors[0]);
  });

  test("and its www go to one app", async () => {
    const routes = [`\${address.domain}/*`, `www.\${address.domain}/*`];
    const both = { address: ADDRESS, shop: { ...APP, routes } };
    expect(errorsOf(await compileFor(netlify, both))).toEqual([]);
  });
});

test.each([
  [
    "an app and a bucket elsewhere",
    {
      media: { kind: "bucket", provider: "cloudflare" },
      shop: { ...APP, bind: { MEDIA: "media" } },
    },
  ],
  [
    "days of the month and of the week",
    { shop: APP, odd: { kind: "cron", app: "shop", schedule: "0 3 1 * 1" } },
  ],
  ["a variable of Netlify's own", { shop: { ...APP, env: { DEPLOY_URL: "here" } } }],
  ["the variable that says whose stores they are", { shop: { ...APP, env: { SITE_ID: "mine" } } }],
])("is refused: %s", async (_, resources) => {
  expect(errorsOf(await compileFor(netlify, resources))).toEqual(["SC3010"]);
});

test("names of any manifest are names of sites, and each its own", async () => {
  const odd = [`a${"b".repeat(62)}`, "a---b", "a----b", "a-b", "a--b", "a--", "a-"];
  const lowered = await lower(Object.fromEntries(odd.map((name) => [name, APP])));
  const names = odd.map((name) => String(argsOf(lowered, name).name));
  // A deploy's own host is `<24 characters>--<name>`.
  for (const name of names) {
    expect(name).toMatch(/^[a-z](?:(?!--)[a-z0-9-])*[a-z0-9]$/);
    expect(24 + 2 + name.length).toBeLessThanOrEqual(63);
  }
  expect(new Set(names).size).toBe(names.length);
});
