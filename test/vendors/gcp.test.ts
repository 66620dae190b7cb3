import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { Lowered } from "../../src/adapters/vendors/contract.ts";
import { toGcpCron } from "../../src/adapters/vendors/gcp/gcp-cron.ts";
import gcp from "../../src/adapters/vendors/gcp/index.ts";
import { compileText, errorsOf, manifestWith } from "../compile/compile-text.ts";
import {
  ADDRESS,
  APP,
  findResource as find,
  listBadHosts,
  listConflicts,
  lowerFor,
  ownOf,
} from "./function-vendor.ts";
import { compileFor } from "./kind-cases.ts";
import { plainValue as plain } from "./plain-value.ts";
import { testVendor } from "./vendor-suite.ts";

testVendor(gcp);

const lower = (resources: Readonly<Record<string, object>>) => lowerFor(gcp, resources);

/** On what a binding of a right is, by argument. */
const TARGETS = ["bucket", "topic", "subscription", "secret_id", "name"] as const;

/** `member: role on resource` for each right that a stack gives. */
function listRights({ resources }: Lowered): readonly string[] {
  return resources
    .filter(({ type }) => type.endsWith("_iam_member"))
    .map(({ args }) => {
      const [target] = TARGETS.flatMap((key) => args[key] ?? []);
      return `${plain(args.member)}: ${args.role} on ${plain(target)}`;
    });
}

const SHOP = "<shop.service-account.member>";
const EVERY_APP = ["allUsers: roles/run.invoker on <shop.name>"];
const readsSecret = (name: string) =>
  `${SHOP}: roles/secretmanager.secretAccessor on <shop.${name}.id>`;

/** What an app may do because it binds `it`. */
const RIGHTS: Readonly<Record<string, readonly [target: object, rights: readonly string[]]>> = {
  bucket: [
    { kind: "bucket" },
    [`${SHOP}: roles/storage.objectUser on <it.name>`, readsSecret("storage-key-secret")],
  ],
  queue: [{ kind: "queue" }, [`${SHOP}: roles/pubsub.publisher on <it.name>`]],
  database: [{ kind: "database" }, [readsSecret("secret-it")]],
  kv: [{ kind: "kv" }, [readsSecret("secret-it")]],
  secret: [{ kind: "secret" }, [readsSecret("secret-it")]],
  app: [APP, ["allUsers: roles/run.invoker on <it.name>"]],
};

describe("least permissions", () => {
  it.each(Object.entries(RIGHTS))("a bound %s gives exactly these", async (_, [it, rights]) => {
    const lowered = await lower({ it, shop: { ...APP, bind: { IT: "it" } } });
    expect(new Set(listRights(lowered))).toEqual(new Set([...EVERY_APP, ...rights]));
  });

  it("a consumed queue lets the app's own account call its function, and Pub/Sub give up", async () => {
    const lowered = await lower({ it: { kind: "queue" }, shop: { ...APP, consumes: ["it"] } });
    const agent = "serviceAccount:service-<gcp.code-bucket.project_number>@gcp-sa-pubsub";
    expect(new Set(listRights(lowered))).toEqual(
      new Set([
        ...EVERY_APP,
        `${SHOP}: roles/run.invoker on <shop.consumer.name>`,
        `${agent}.iam.gserviceaccount.com: roles/pubsub.publisher on <it.dead.name>`,
        `${agent}.iam.gserviceaccount.com: roles/pubsub.subscriber on <shop.subscription-it.name>`,
      ]),
    );
  });

  it("a schedule may call its app's function for schedules, and nothing else", async () => {
    const cron = { kind: "cron", app: "shop", schedule: "0 3 * * *" };
    const lowered = await lower({ shop: APP, nightly: cron });
    expect(new Set(listRights(lowered))).toEqual(
      new Set([...EVERY_APP, `${SHOP}: roles/run.invoker on <shop.scheduled.name>`]),
    );
    expect(plain(find(lowered, "nightly").args.http_target)).toMatchObject({
      uri: "https://acme-local-shop-scheduled-2558e602-<gcp.code-bucket.project_number>.us-central1.run.app",
      oidc_token: { service_account_email: "<shop.service-account.email>" },
    });
  });

  it("the rights of several bindings are those of each", async () => {
    const kinds = fc.uniqueArray(fc.constantFrom(...Object.keys(RIGHTS)), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(kinds, async (names) => {
        const targets = names.map((name) => [`my-${name}`, RIGHTS[name]?.[0] ?? {}] as const);
        const bind = Object.fromEntries(targets.map(([name], i) => [`B${i}`, name]));
        const lowered = await lower({ ...Object.fromEntries(targets), shop: { ...APP, bind } });
        const wanted = names.flatMap((name) =>
          (RIGHTS[name]?.[1] ?? []).map((right) =>
            right.replace("<it.", `<my-${name}.`).replace("secret-it", `secret-my-${name}`),
          ),
        );
        expect(new Set(listRights(lowered))).toEqual(new Set([...EVERY_APP, ...wanted]));
      }),
      { numRuns: 20 },
    );
  });

  it("each app and site runs as an account of its own, which nothing gives a right of the project", async () => {
    const lowered = await lower({
      shop: APP,
      other: APP,
      docs: { kind: "site", source: "./public" },
    });
    const functions = lowered.resources.filter(({ type }) => type.endsWith("2_function"));
    expect(functions.map(({ args }) => plain(args.service_config))).toEqual(
      ["shop", "other", "docs"].map((name) =>
        expect.objectContaining({ service_account_email: `<${name}.service-account.email>` }),
      ),
    );
    expect(lowered.resources.filter(({ type }) => /project_iam/.test(type))).toEqual([]);
  });

  it("a database is out of the world's reach, and only the apps that bind it are in its network", async () => {
    const lowered = await lower({
      orders: { kind: "database" },
      shop: { ...APP, bind: { DB: "orders" } },
      other: APP,
    });
    expect(plain(find(lowered, "orders").args.settings)).toMatchObject({
      ip_configuration: { ipv4_enabled: false, ssl_mode: "ENCRYPTED_ONLY" },
    });
    expect(plain(find(lowered, "shop").args.service_config)).toMatchObject({
      direct_vpc_network_interface: [{ network: "<gcp.network.id>" }],
      direct_vpc_egress: "VPC_EGRESS_PRIVATE_RANGES_ONLY",
    });
    expect(plain(find(lowered, "other").args.service_config)).not.toHaveProperty(
      "direct_vpc_network_interface",
    );
  });

  it("no bucket can be opened to the world, nor that of the code", async () => {
    const lowered = await lower({ media: { kind: "bucket" }, shop: APP });
    for (const name of ["media", "gcp.code-bucket"])
      expect(find(lowered, name).args).toMatchObject({
        uniform_bucket_level_access: true,
        public_access_prevention: "enforced",
      });
  });
});

describe("what an app finds", () => {
  const everything = {
    orders: { kind: "database", engine: "postgres" },
    media: { kind: "bucket" },
    cache: { kind: "kv" },
    jobs: { kind: "queue" },
    key: { kind: "secret" },
    mailer: APP,
    shop: {
      ...APP,
      env: { GREETING: "hello" },
      bind: {
        ORDERS: "orders",
        MEDIA: "media",
        CACHE: "cache",
        JOBS: "jobs",
        KEY: "key",
        MAILER: "mailer",
      },
    },
  };

  test("is what the runtime reads", async () => {
    const lowered = await lower(everything);
    const config = plain(find(lowered, "shop").args.service_config) as {
      readonly environment_variables: object;
      readonly secret_environment_variables: readonly { readonly key: string }[];
    };
    expect(config.environment_variables).toEqual({
      MEDIA: "s3://storage.googleapis.com/<media.name>",
      JOBS: "pubsub://pubsub.googleapis.com/<jobs.id>",
      MAILER: "https://acme-local-mailer-<gcp.code-bucket.project_number>.us-central1.run.app",
      GREETING: "hello",
      AWS_ACCESS_KEY_ID: "<shop.storage-key.access_id>",
      SUPERCARGO_BINDINGS: "ORDERS,MEDIA,CACHE,JOBS",
      IGNORED_ROUTES: "",
    });
    expect(config.secret_environment_variables.map(({ key }) => key)).toEqual([
      ...["ORDERS", "CACHE", "KEY", "AWS_SECRET_ACCESS_KEY"],
    ]);
    const postgres = (name: string) =>
      `postgres://app:<${name}.password.value>@<${name}.private_ip_address>:5432/data?sslmode=no-verify&connections=10`;
    const kept = (name: string) => plain(find(lowered, `shop.${name}`).args.secret_data);
    expect(kept("version-orders")).toBe(postgres("orders"));
    expect(kept("version-cache")).toBe(`${postgres("cache")}&kv=cache`);
    expect(kept("version-key")).toBe("<key.value>");
    expect(kept("storage-key-version")).toBe("<shop.storage-key.secret>");
  });

  test("holds nothing secret as it is, in none of its functions", async () => {
    const lowered = await lower({
      ...everything,
      shop: { ...everything.shop, consumes: ["jobs"] },
      nightly: { kind: "cron", app: "shop", schedule: "0 3 * * *" },
    });
    for (const name of ["shop", "shop.consumer", "shop.scheduled"]) {
      const text = JSON.stringify(plain(find(lowered, name).args.service_config));
      expect(text).not.toMatch(/<[^>]*\.(?:password\.value|value|secret)>/);
      expect(find(lowered, name).dependsOn).toContain("shop.reads-orders");
    }
  });
});

describe("a queue", () => {
  test("keeps what is sent although no app consumes it", async () => {
    const lowered = await lower({ jobs: { kind: "queue" } });
    expect(plain(find(lowered, "jobs.waiting").args)).toMatchObject({
      topic: "<jobs.id>",
      message_retention_duration: "2678400s",
      expiration_policy: { ttl: "" },
    });
  });

  test("pushes to the one app that consumes it, which hears of it by the queue's name", async () => {
    const lowered = await lower({
      jobs: { kind: "queue" },
      shop: { ...APP, bind: { JOBS: "jobs" }, consumes: ["jobs"] },
    });
    expect(lowered.resources.map(({ name }) => name)).not.toContain("jobs.waiting");
    expect(plain(find(lowered, "shop.subscription-jobs").args)).toMatchObject({
      name: "acme-local-jobs",
      topic: "<jobs.id>",
      push_config: {
        push_endpoint:
          "https://acme-local-shop-queue-9696ad86-<gcp.code-bucket.project_number>.us-central1.run.app",
        oidc_token: { service_account_email: "<shop.service-account.email>" },
      },
      dead_letter_policy: { dead_letter_topic: "<jobs.dead.id>", max_delivery_attempts: 5 },
    });
  });
});

test("an API is on before what it is needed for, and stays on", async () => {
  const lowered = await lower({ shop: APP, jobs: { kind: "queue" } });
  const apis = lowered.resources.filter(({ type }) => type === "google_project_service");
  expect(apis.map(({ args }) => args.service)).toEqual([
    ...["artifactregistry.googleapis.com", "cloudbuild.googleapis.com"],
    ...["cloudfunctions.googleapis.com", "run.googleapis.com", "iam.googleapis.com"],
    ...["pubsub.googleapis.com", "storage.googleapis.com"],
  ]);
  expect(apis.map(({ args }) => args.disable_on_destroy)).not.toContain(true);
  expect(find(lowered, "shop").dependsOn).toEqual(["gcp.api-cloud-functions"]);
  expect(find(lowered, "jobs").dependsOn).toEqual(["gcp.api-pubsub"]);
  const none = await lower({ key: { kind: "secret" } });
  expect(none.resources.map(({ type }) => type)).toEqual(["supercargo_secret"]);
});

describe("a host of one's own", () => {
  test("is mapped to the function, and found by a record in the zone, whoever keeps that", async () => {
    const result = await compileFor(gcp, {
      address: ADDRESS,
      docs: { kind: "site", source: "./public", routes: ["a.example.com/*", "b.example.com/*"] },
      shop: { ...APP, routes: [`\${address.domain}/*`] },
    });
    const zone = ownOf(result, "cloudflare");
    const records = zone.resources.filter(({ type }) => type === "cloudflare_dns_record");
    expect(
      records.map(({ args }) => [plain(args.name), args.type, args.content, args.proxied]),
    ).toEqual(
      ["a.example.com", "b.example.com", "<address.domain>"].map((host) => [
        ...[host, "CNAME", "ghs.googlehosted.com", false],
      ]),
    );
    const own = ownOf(result, "gcp");
    expect(plain(find(own, "shop.host.example.com").args)).toMatchObject({
      name: "<address.domain>",
      spec: { route_name: "<shop.name>" },
    });
    expect(plain(own.outputs.shop)).toBe("https://<address.domain>");
    expect(zone.permissions).toEqual([
      { group: "DNS Write", scope: "zone", because: ["docs", "shop"] },
    ]);
  });

  test.each(listBadHosts())("is refused for %s", async (_, resources) => {
    const errors = errorsOf(await compileFor(gcp, { address: ADDRESS, ...resources }));
    expect(new Set(errors)).toEqual(new Set([errors[0]]));
    expect(["SC3010", "SC3020"]).toContain(errors[0]);
  });
});

describe("what does not go together", () => {
  const consumer = { ...APP, consumes: ["jobs"] };
  test.each([
    ...listConflicts("gcp"),
    ["two consumers of a queue", { jobs: { kind: "queue" }, a: consumer, b: consumer }] as const,
    ["a variable of the platform's", { shop: { ...APP, env: { K_SERVICE: "here" } } }] as const,
    ["the key's variable", { shop: { ...APP, env: { AWS_ACCESS_KEY_ID: "mine" } } }] as const,
  ])("is refused: %s", async (_, resources) => {
    expect(errorsOf(await compileFor(gcp, resources))).toEqual(["SC3010"]);
  });

  test("a variable may be Google's in name, where Google has not taken it", async () => {
    const env = { GOOGLE_CLIENT_ID: "id", GOOGLE_CLIENT_SECRET: "secret", X_GOOGLE: "x" };
    const lowered = await lower({ shop: { ...APP, env } });
    expect(plain(find(lowered, "shop").args.service_config)).toMatchObject({
      environment_variables: env,
    });
    for (const name of ["X_GOOGLE_", "X_GOOGLE_FUNCTION_NAME", "K_REVISION", "FUNCTION_TARGET"])
      expect(errorsOf(await compileFor(gcp, { shop: { ...APP, env: { [name]: "x" } } }))).toEqual([
        "SC3010",
      ]);
  });

  test("a database that names no engine is PostgreSQL here", async () => {
    const { model } = await compileFor(gcp, { orders: { kind: "database" } });
    expect(model?.resources[0]).toMatchObject({ kind: "database", engine: "postgres" });
  });
});

test.each([
  ["0 3 * * *", "0 3 * * *"],
  ["*/5 0-6 1,15 JAN MON-FRI", "*/5 0-6 1,15 JAN MON-FRI"],
  ["30 4 1 * 1-5/2", "30 4 1 * 1-5/2"],
  ["30 4 * * 7", "30 4 * * 0"],
  ["30 4 * * 0,7", "30 4 * * 0"],
  ["30 4 * * 5-7", "30 4 * * 5,6,0"],
  ["30 4 * * FRI-7", "30 4 * * 5,6,0"],
  ["30 4 * * 1-7/2", "30 4 * * 1,3,5,0"],
  ["30 4 * * */7", "30 4 * * */7"],
])("the schedule %s is %s", (schedule, expected) => {
  expect(toGcpCron(schedule)).toBe(expected);
});

test("names of the longest manifest are names at Google, each its own", async () => {
  const long = `a${"b".repeat(62)}`;
  const other = `a${"b".repeat(61)}c`;
  const lowered = await lower({
    [`${long.slice(0, 62)}d`]: { kind: "bucket" },
    jobs: { kind: "queue" },
    more: { kind: "queue" },
    [long]: { ...APP, consumes: ["jobs"] },
    [other]: APP,
    // What a suffix of ours could be.
    shop: { ...APP, consumes: ["more"] },
    nightly: { kind: "cron", app: "shop", schedule: "0 3 * * *" },
    ...Object.fromEntries(
      ["shop--queue", "shop-queue", "shop--scheduled", "shop-scheduled"].map((name) => [name, APP]),
    ),
    x: { kind: "site", source: "./public" },
  });
  const names = (type: string, key: string) =>
    lowered.resources.filter((one) => one.type === type).map(({ args }) => plain(args[key]));
  const expectAll = (found: readonly unknown[], form: RegExp) => {
    expect(new Set(found).size).toBe(found.length);
    for (const name of found) expect(name).toMatch(form);
  };
  expectAll(names("google_cloudfunctions2_function", "name"), /^[a-z](?:[a-z0-9-]{0,47}[a-z0-9])$/);
  expectAll(names("google_service_account", "account_id"), /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
  // An id of a project has up to 30 characters, a bucket's name up to 63.
  expectAll(names("google_storage_bucket", "name"), /^<[^>]+>-[a-z0-9_-]{0,31}[a-z0-9]$/);
});

test("no bucket has Google's name in its own, and no topic or subscription begins with it", async () => {
  const jobs = { kind: "queue" };
  const result = await compileText(
    JSON.stringify({
      ...JSON.parse(
        manifestWith({
          g00gle: { kind: "bucket" },
          media: { kind: "bucket" },
          jobs,
          waiting: jobs,
          shop: { ...APP, consumes: ["jobs"] },
        }),
      ),
      ...{ name: "google-shop", provider: "gcp" },
    }),
  );
  const lowered = ownOf(result, "gcp");
  const namesOf = (...types: readonly string[]) =>
    lowered.resources
      .filter(({ type }) => types.includes(type))
      .map(({ args }) => String(plain(args.name)));
  const buckets = namesOf("google_storage_bucket").map((name) => name.replace(/^<[^>]+>/, ""));
  expect(buckets.length).toBe(3);
  const queues = namesOf("google_pubsub_topic", "google_pubsub_subscription");
  for (const name of [...buckets, ...queues]) expect(name).not.toMatch(/g[o0]{2}g/);
  for (const found of [buckets, namesOf("google_pubsub_topic")])
    expect(new Set(found).size).toBe(found.length);
  // The app hears of its queue by the subscription's name, and refers to it by the topic's.
  expect(find(lowered, "shop.subscription-jobs").args.name).toBe(find(lowered, "jobs").args.name);
});
