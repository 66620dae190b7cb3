import { describe, expect, test } from "vitest";
import type { Lowered, LoweredResource } from "../../src/adapters/vendors/contract.ts";
import { toNumericCron } from "../../src/adapters/vendors/numeric-cron.ts";
import vercel from "../../src/adapters/vendors/vercel/index.ts";
import type { CompileResult } from "../../src/compiler/compile.ts";
import { errorsOf } from "../compile/compile-text.ts";
import { compileFor } from "./kind-cases.ts";
import { testVendor } from "./vendor-suite.ts";

testVendor(vercel);

const APP = { kind: "app", source: "./app" };
const ADDRESS = { kind: "domain", domain: "example.com", maxPrice: "12 USD" };

function ownOf(result: CompileResult, provider: string): Lowered {
  const own = result.lowered?.find((one) => one.provider === provider);
  if (own === undefined) throw new Error(JSON.stringify(result.diagnostics, null, 1));
  return own;
}

async function lower(resources: Readonly<Record<string, object>>): Promise<Lowered> {
  return ownOf(await compileFor(vercel, resources), "vercel");
}

function find({ resources }: Lowered, name: string): LoweredResource {
  const found = resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`no ${name} in ${resources.map((r) => r.name)}`);
  return found;
}

/** A lowered value as plain data, with `<resource.attribute>` for what is known only later. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  const { kind, ...rest } = value as Record<string, unknown>;
  if (kind === "concat") return (rest.parts as readonly unknown[]).map(plain).join("");
  if (kind === "reference") return `<${rest.resource}.${rest.attribute}>`;
  if (kind === "json") return { json: plain(rest.value) };
  if (kind === "artifact" || kind === "file-sums") return `${kind} of ${rest.artifact}`;
  const entries = (kind === "map" ? rest.entries : rest.fields) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(entries).map(([key, item]) => [key, plain(item)]));
}

const argsOf = (lowered: Lowered, name: string) =>
  Object.fromEntries(
    Object.entries(find(lowered, name).args).map(([key, value]) => [key, plain(value)]),
  );

const typesOf = ({ resources }: Lowered) => resources.map(({ type }) => type);

/** What every app or site has. */
const PROJECT = ["vercel_project", "vercel_project_domain", "vercel_deployment"];

describe("least permissions", () => {
  test.each([
    ["nothing", {}, []],
    ["a secret", { it: { kind: "secret" } }, ["supercargo_secret"]],
    ["an app", { it: APP }, PROJECT],
    [
      "a bucket",
      { it: { kind: "bucket" } },
      ["vercel_blob_store", "vercel_blob_project_connection"],
    ],
  ])("an app that binds %s has no right but by its variable", async (_, targets, more) => {
    const bind = Object.fromEntries(Object.keys(targets).map((name) => ["IT", name]));
    const lowered = await lower({ ...targets, shop: { ...APP, bind } });
    expect(typesOf(lowered).sort()).toEqual([...PROJECT, ...more].sort());
  });

  test("a bucket's token goes to those who bind it, in production alone, and never through the stack", async () => {
    const lowered = await lower({
      media: { kind: "bucket" },
      shop: { ...APP, bind: { MEDIA: "media", AGAIN: "media" } },
      other: APP,
    });
    expect(argsOf(lowered, "media")).toMatchObject({ access: "private", region: "iad1" });
    const connections = lowered.resources.filter(
      ({ type }) => type === "vercel_blob_project_connection",
    );
    expect(connections.map(({ name }) => name)).toEqual(["shop.connection.media"]);
    expect(argsOf(lowered, "shop.connection.media")).toEqual({
      blob_store_id: "<media.id>",
      project_id: "<shop.id>",
      env_var_prefix: "SUPERCARGO_MEDIA",
      environments: ["production"],
    });
  });

  test("a schedule's secret is the app's own, sensitive, and a part of its deployment", async () => {
    const lowered = await lower({
      shop: APP,
      nightly: { kind: "cron", app: "shop", schedule: "0 3 * * *" },
      weekly: { kind: "cron", app: "shop", schedule: "0 4 * * 1" },
      other: APP,
    });
    const variables = lowered.resources.filter(({ type }) => type.includes("environment_variable"));
    expect(variables.map(({ name }) => name)).toEqual(["shop.cron-variable"]);
    expect(argsOf(lowered, "shop.cron-variable")).toEqual({
      project_id: "<shop.id>",
      key: "CRON_SECRET",
      value: "<shop.cron-secret.value>",
      target: ["production"],
      sensitive: true,
    });
    expect(argsOf(lowered, "shop.deployment").environment).toEqual({
      CRON_SECRET: "<shop.cron-secret.value>",
    });
    expect(argsOf(lowered, "other.deployment")).not.toHaveProperty("environment");
  });
});

test("what an app finds is what the runtime reads", async () => {
  const lowered = await lower({
    media: { kind: "bucket" },
    key: { kind: "secret" },
    ledger: { kind: "service", service: "neon/postgres" },
    orders: { kind: "database" },
    mailer: APP,
    shop: {
      ...APP,
      env: { GREETING: "hello" },
      bind: { MEDIA: "media", KEY: "key", LEDGER: "ledger", MAILER: "mailer", DB: "orders" },
    },
  });
  expect(argsOf(lowered, "shop.deployment").environment).toEqual({
    MEDIA: "vercel-blob:<shop.connection.media.read_write_token_env_var_name>",
    KEY: "<key.value>",
    LEDGER: { json: "<ledger.credentials>" },
    MAILER: "https://<mailer.domain.domain>",
    DB: { json: "<orders.credentials>" },
    GREETING: "hello",
    SUPERCARGO_BINDINGS: "MEDIA,DB",
  });
});

describe("a queue", () => {
  const resources = {
    jobs: { kind: "queue" },
    mail: { kind: "queue" },
    shop: {
      ...APP,
      bind: { JOBS: "jobs", AGAIN: "jobs" },
      consumes: ["jobs", "mail"],
      env: { NAME: `\${jobs.name}` },
    },
    other: APP,
  };

  test("is no resource, but a topic that its app sends to, and one trigger of its deployment each", async () => {
    const lowered = await lower(resources);
    expect(typesOf(lowered)).toEqual([...PROJECT, ...PROJECT]);
    expect(argsOf(lowered, "shop.deployment").environment).toEqual({
      JOBS: "vercel-queue:iad1/jobs",
      AGAIN: "vercel-queue:iad1/jobs",
      NAME: "jobs",
      SUPERCARGO_BINDINGS: "JOBS,AGAIN",
    });
    expect(lowered.artifacts).toMatchObject([
      { name: "shop", content: { topics: ["jobs", "mail"] } },
      { name: "other", content: { topics: [] } },
    ]);
    expect(lowered.prices).toContainEqual(
      expect.objectContaining({ service: "vercel/queues", category: "queue" }),
    );
  });

  test.each([{ bind: { JOBS: "jobs" } }, { consumes: ["jobs"] }])(
    "lets its app know its deployment, where it has %j",
    async (uses) => {
      const lowered = await lower({ jobs: resources.jobs, shop: { ...APP, ...uses }, other: APP });
      const told = ["shop", "other"].map(
        (name) => argsOf(lowered, name).automatically_expose_system_environment_variables,
      );
      expect(told).toEqual([true, undefined]);
    },
  );

  test("is refused a second app by name, with who has queues for several", async () => {
    const { diagnostics } = await compileFor(vercel, {
      ...resources,
      other: { ...APP, bind: { JOBS: "jobs" } },
    });
    expect(diagnostics.map(({ code, message, remedy }) => `${code} ${message}: ${remedy}`)).toEqual(
      [
        expect.stringMatching(
          /^SC3010 .*`other`.*another app uses this one.*let one app do both.*provider: cloudflare, container, aws, azure or gcp/,
        ),
      ],
    );
  });
});

describe("a deployment", () => {
  test("is production's, is made of files known before, and waits for what it needs", async () => {
    const lowered = await lower({
      media: { kind: "bucket" },
      shop: { ...APP, bind: { MEDIA: "media" } },
      nightly: { kind: "cron", app: "shop", schedule: "0 3 * * SUN" },
      again: { kind: "cron", app: "shop", schedule: "0 3 * * 7" },
    });
    expect(argsOf(lowered, "shop.deployment")).toMatchObject({
      project_id: "<shop.id>",
      production: true,
      path_prefix: "artifact of shop",
      files: "file-sums of shop",
    });
    expect(find(lowered, "shop.deployment").dependsOn).toEqual([
      "shop.domain",
      "shop.connection.media",
      "shop.cron-variable",
    ]);
    expect(lowered.artifacts).toEqual([
      {
        kind: "vercel-output",
        name: "shop",
        source: "app",
        content: { kind: "app", entry: "index.ts", schedules: ["0 3 * * 0"], topics: [] },
      },
    ]);
  });

  test("of a site has no function and no variable", async () => {
    const lowered = await lower({ docs: { kind: "site", source: "./public", spa: true } });
    expect(Object.keys(argsOf(lowered, "docs"))).toEqual(["name"]);
    expect(argsOf(lowered, "docs.deployment")).not.toHaveProperty("environment");
    expect(lowered.artifacts).toMatchObject([{ content: { kind: "site", spa: true } }]);
    expect(lowered.prices.map(({ service }) => service)).toEqual(["vercel/cdn"]);
  });
});

describe("a host", () => {
  test("of one's own has a record in the zone, whoever keeps that", async () => {
    const result = await compileFor(vercel, {
      address: ADDRESS,
      shop: { ...APP, routes: [`\${address.domain}/*`] },
    });
    const zone = ownOf(result, "cloudflare");
    const records = zone.resources.filter(({ type }) => type === "cloudflare_dns_record");
    expect(
      records.map(({ args }) => [plain(args.name), args.type, args.content, args.proxied]),
    ).toEqual([["<address.domain>", "CNAME", "cname.vercel-dns.com", false]]);
    expect(zone.permissions).toEqual([{ group: "DNS Write", scope: "zone", because: ["shop"] }]);
    const own = ownOf(result, "vercel");
    expect(argsOf(own, "shop.domain.example.com").domain).toBe("<address.domain>");
    expect(plain(own.outputs.shop)).toBe("https://<address.domain>");
  });

  test("outside of the manifest has none, for its zone is somebody else's", async () => {
    const result = await compileFor(vercel, { shop: { ...APP, routes: ["shop.example.net/*"] } });
    expect(result.lowered?.map(({ provider }) => provider)).toEqual(["vercel"]);
    expect(plain(ownOf(result, "vercel").outputs.shop)).toBe("https://shop.example.net");
  });

  test("below vercel.app is nobody else's, and none that Vercel gives by itself", async () => {
    const lowered = await lower({ shop: APP, docs: { kind: "site", source: "./public" } });
    const { name } = argsOf(lowered, "shop");
    const host = String(argsOf(lowered, "shop.domain").domain);
    expect(host).toMatch(/^acme-local-shop-[0-9a-f]{8}\.vercel\.app$/);
    expect(host).not.toBe(`${name}.vercel.app`);
    expect(argsOf(lowered, "docs.domain").domain).not.toContain(host.slice(-19));
    expect(plain(lowered.outputs.shop)).toBe("https://<shop.domain.domain>");
  });

  const shop = { ...APP, routes: [`\${address.domain}/*`] };
  test.each([
    ["some of its paths", { shop: { ...APP, routes: [`\${address.domain}/api/*`] } }],
    ["two apps", { shop, other: { ...APP, routes: ["example.com/*"] } }],
    [
      "a record of the same name",
      {
        shop: { ...APP, routes: [`www.\${address.domain}/*`] },
        www: { kind: "dns", zone: "address", name: "www", type: "A", content: "192.0.2.1" },
      },
    ],
  ])("is refused for %s", async (_, resources) => {
    const errors = errorsOf(await compileFor(vercel, { address: ADDRESS, ...resources }));
    expect(new Set(errors)).toEqual(new Set([errors[0]]));
    expect(["SC3010", "SC3020"]).toContain(errors[0]);
  });
});

describe("what does not go together", () => {
  test.each([
    [
      "an app and a bucket elsewhere",
      {
        media: { kind: "bucket", provider: "cloudflare" },
        shop: { ...APP, bind: { MEDIA: "media" } },
      },
    ],
    [
      "an app and a database in a network of its own",
      {
        orders: { kind: "database", engine: "postgres", provider: "aws" },
        shop: { ...APP, bind: { DB: "orders" } },
      },
    ],
    [
      "an app and a queue's messages",
      { jobs: { kind: "queue", provider: "aws" }, shop: { ...APP, consumes: ["jobs"] } },
    ],
    [
      "an app that sends and one that consumes",
      {
        jobs: { kind: "queue" },
        shop: { ...APP, bind: { JOBS: "jobs" } },
        worker: { ...APP, consumes: ["jobs"] },
      },
    ],
    [
      "two apps that consume a queue",
      {
        jobs: { kind: "queue" },
        shop: { ...APP, consumes: ["jobs"] },
        worker: { ...APP, consumes: ["jobs"] },
      },
    ],
    [
      "a schedule and an app elsewhere",
      {
        shop: { ...APP, provider: "cloudflare" },
        nightly: { kind: "cron", app: "shop", schedule: "0 3 * * *", provider: "vercel" },
      },
    ],
    [
      "days of the month and of the week",
      { shop: APP, odd: { kind: "cron", app: "shop", schedule: "0 3 1 * 1" } },
    ],
    ["a variable of Vercel's own", { shop: { ...APP, env: { VERCEL_URL: "here" } } }],
    ["the variable of schedules", { shop: { ...APP, env: { CRON_SECRET: "mine" } } }],
  ])("is refused: %s", async (_, resources) => {
    expect(errorsOf(await compileFor(vercel, resources))).toEqual(["SC3010"]);
  });
});

test.each([
  ["0 3 * * *", "0 3 * * *"],
  ["*/5 0-6 1,15 JAN-MAR,DEC *", "*/5 0-6 1,15 1-3,12 *"],
  ["30 4 * * 7", "30 4 * * 0"],
  ["30 4 * * MON-FRI", "30 4 * * 1,2,3,4,5"],
  ["30 4 * * FRI,7", "30 4 * * 0,5"],
  ["30 4 1 * 1", undefined],
])("the schedule %s is %s", (schedule, expected) => {
  expect(toNumericCron(schedule)).toBe(expected);
});

test("names of the longest manifest are names at Vercel", async () => {
  const long = `a${"b".repeat(62)}`;
  const lowered = await lower({ [long]: APP });
  const name = String(argsOf(lowered, long).name);
  expect(name).toMatch(/^[a-z](?:(?!---)[a-z0-9-])*[a-z0-9]$/);
  expect(name.length).toBeLessThanOrEqual(52);
  const [label = ""] = String(argsOf(lowered, `${long}.domain`).domain).split(".");
  expect(label.length).toBeLessThanOrEqual(63);
});

test("no project's name has three hyphens in a row, and each its own", async () => {
  const hyphens = ["a---b", "a----b", "a-b", "a--b", "a---", "a--"];
  const lowered = await lower(Object.fromEntries(hyphens.map((name) => [name, APP])));
  const names = hyphens.map((name) => String(argsOf(lowered, name).name));
  for (const name of names) expect(name).toMatch(/^[a-z](?:(?!---)[a-z0-9-])*[a-z0-9]$/);
  expect(new Set(names).size).toBe(names.length);
});
