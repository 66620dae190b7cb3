import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import azure from "../../src/adapters/vendors/azure/index.ts";
import type { Lowered } from "../../src/adapters/vendors/contract.ts";
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

testVendor(azure);

const argsOf = (lowered: Lowered, name: string) =>
  plain({ kind: "object", fields: find(lowered, name).args });

const lower = (resources: Readonly<Record<string, object>>) => lowerFor(azure, resources);

/** `role of principal on scope` for each assignment. */
function assignments({ resources }: Lowered): readonly string[] {
  return resources
    .filter(({ type }) => type === "azurerm_role_assignment")
    .map(
      ({ args }) =>
        `${args.role_definition_name} of ${plain(args.principal_id)} on ${plain(args.scope)}`,
    );
}

const IN_NETWORK = "<azure.app-subnet.id>";

/** What an app gets because it binds, or consumes, `it`: rights and a place in the network. */
const RIGHTS: Readonly<
  Record<string, readonly [target: object, rights: readonly string[], network?: string]>
> = {
  bucket: [
    { kind: "bucket" },
    ["Storage Blob Data Contributor of <shop.identity.principal_id> on <it.id>"],
  ],
  database: [{ kind: "database" }, [], IN_NETWORK],
  kv: [{ kind: "kv" }, [], IN_NETWORK],
  queue: [{ kind: "queue" }, [], IN_NETWORK],
  secret: [{ kind: "secret" }, []],
  app: [APP, []],
};

describe("least permissions", () => {
  it.each(Object.entries(RIGHTS))(
    "a bound %s gives exactly these",
    async (kind, [it, rights, network]) => {
      const lowered = await lower({ it, shop: { ...APP, bind: { IT: "it" } } });
      expect(assignments(lowered)).toEqual(rights);
      const { identity, virtual_network_subnet_id } = find(lowered, "shop").args;
      expect(plain(virtual_network_subnet_id)).toBe(network);
      // Without a bucket there is nothing that an identity could be for.
      expect(identity !== undefined).toBe(kind === "bucket");
    },
  );

  it("a consumed queue gives a place in the network, and a schedule nothing", async () => {
    const lowered = await lower({
      it: { kind: "queue" },
      shop: { ...APP, consumes: ["it"] },
      nightly: { kind: "cron", app: "shop", schedule: "0 3 * * *" },
    });
    expect(assignments(lowered)).toEqual([]);
    expect(plain(find(lowered, "shop").args.virtual_network_subnet_id)).toBe(IN_NETWORK);
  });

  it("the rights of several bindings are those of each", async () => {
    const kinds = fc.uniqueArray(fc.constantFrom(...Object.keys(RIGHTS)), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(kinds, async (names) => {
        const targets = names.map((name) => [`my-${name}`, RIGHTS[name]?.[0] ?? {}] as const);
        const bind = Object.fromEntries(targets.map(([name], i) => [`B${i}`, name]));
        const lowered = await lower({ ...Object.fromEntries(targets), shop: { ...APP, bind } });
        const wanted = names.flatMap((name) =>
          (RIGHTS[name]?.[1] ?? []).map((right) => right.replace("<it.", `<my-${name}.`)),
        );
        expect(assignments(lowered)).toEqual(wanted);
      }),
      { numRuns: 20 },
    );
  });

  it("each app has an identity of its own, which is there with its rights before the app", async () => {
    const lowered = await lower({
      media: { kind: "bucket" },
      papers: { kind: "bucket" },
      shop: { ...APP, bind: { MEDIA: "media" } },
      office: { ...APP, bind: { MEDIA: "media", PAPERS: "papers" } },
    });
    expect(assignments(lowered)).toEqual([
      "Storage Blob Data Contributor of <shop.identity.principal_id> on <media.id>",
      "Storage Blob Data Contributor of <office.identity.principal_id> on <media.id>",
      "Storage Blob Data Contributor of <office.identity.principal_id> on <papers.id>",
    ]);
    expect(plain(find(lowered, "shop").args.identity)).toEqual({
      type: "UserAssigned",
      identity_ids: ["<shop.identity.id>"],
    });
    expect(find(lowered, "office").dependsOn).toEqual([
      "office.rights.media",
      "office.rights.papers",
    ]);
  });

  it("a database has no address but in the network of the stack", async () => {
    const lowered = await lower({ orders: { kind: "database" }, other: APP });
    expect(argsOf(lowered, "orders")).toMatchObject({
      public_network_access_enabled: false,
      delegated_subnet_id: "<azure.database-subnet.id>",
      private_dns_zone_id: "<azure.database-zone.id>",
    });
    expect(find(lowered, "other").args).not.toHaveProperty("virtual_network_subnet_id");
  });

  it("no storage account has keys, and none can be opened to the world", async () => {
    const lowered = await lower({ media: { kind: "bucket" } });
    expect(find(lowered, "media.storage-account").args).toMatchObject({
      shared_access_key_enabled: false,
      local_user_enabled: false,
      allow_nested_items_to_be_public: false,
      cross_tenant_replication_enabled: false,
      min_tls_version: "TLS1_2",
    });
  });

  it.each([
    ["app", APP],
    ["site", { kind: "site", source: "./public" }],
  ])("the %s answers HTTPS alone, and nobody signs in by FTP", async (_, it) => {
    expect(argsOf(await lower({ it }), "it")).toMatchObject({
      https_only: true,
      ftp_publish_basic_authentication_enabled: false,
      site_config: { minimum_tls_version: "1.2", ftps_state: "Disabled", always_on: true },
    });
  });

  it("the provider switches on only the services that a stack has", async () => {
    const services = async (resources: Readonly<Record<string, object>>) => {
      const { args } = find(await lower(resources), "azure.provider");
      expect(args.resource_provider_registrations).toBe("none");
      return args.resource_providers_to_register;
    };
    expect(await services({ media: { kind: "bucket" } })).toEqual(["Microsoft.Storage"]);
    expect(await services({ shop: APP })).toEqual(["Microsoft.Web"]);
    expect(
      await services({ media: { kind: "bucket" }, shop: { ...APP, bind: { MEDIA: "media" } } }),
    ).toEqual(["Microsoft.ManagedIdentity", "Microsoft.Storage", "Microsoft.Web"]);
    expect(await services({ orders: { kind: "database" } })).toEqual([
      "Microsoft.DBforPostgreSQL",
      "Microsoft.Network",
    ]);
  });
});

test("what an app finds is what the runtime reads", async () => {
  const lowered = await lower({
    orders: { kind: "database", engine: "postgres" },
    media: { kind: "bucket" },
    cache: { kind: "kv" },
    jobs: { kind: "queue" },
    "new-mail": { kind: "queue" },
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
      consumes: ["jobs", "new-mail"],
    },
    hourly: { kind: "cron", app: "shop", schedule: "0 * * * *" },
    nightly: { kind: "cron", app: "shop", schedule: "0 3 * * *" },
  });
  const postgres = (name: string, query = "") =>
    `postgres://db:<${name}.password.value>1@<${name}.fqdn>:5432/<${name}.data.name>?sslmode=verify-full&connections=10${query}`;
  expect(plain(find(lowered, "shop").args.app_settings)).toEqual({
    ORDERS: postgres("orders"),
    MEDIA: "azblob://<media.storage-account.primary_blob_host>/<media.name>",
    CACHE: postgres("cache", "&kv=cache"),
    JOBS: postgres("jobs", "&queue=jobs"),
    KEY: "<key.value>",
    MAILER: "https://<mailer.default_hostname>",
    GREETING: "hello",
    SUPERCARGO_BINDINGS: "ORDERS,MEDIA,CACHE,JOBS",
    SUPERCARGO_QUEUE_NEW_MAIL: postgres("new-mail", "&queue=new-mail"),
    SUPERCARGO_CONSUMES: "JOBS,SUPERCARGO_QUEUE_NEW_MAIL",
    SUPERCARGO_CRONS: "0 * * * *; 0 3 * * *",
    AZURE_CLIENT_ID: "<shop.identity.client_id>",
    WEBSITE_RUN_FROM_PACKAGE: "1",
    WEBSITES_CONTAINER_STOP_TIME_LIMIT: "30",
  });
  // The password that an app is told is the one that the server has.
  expect(plain(find(lowered, "orders").args.administrator_password)).toBe(
    "<orders.password.value>1",
  );
  // Only a new path makes the provider send a new archive.
  expect(lowered.artifacts.find(({ name }) => name === "shop")).toMatchObject({
    target: "node",
    packed: true,
    hashed: true,
  });
});

test("a text that names a bucket has the container's name", async () => {
  const lowered = await lower({
    media: { kind: "bucket" },
    shop: { ...APP, env: { FOLDER: `in \${media.name}` } },
  });
  expect(plain(find(lowered, "shop").args.app_settings)).toMatchObject({
    FOLDER: "in <media.name>",
  });
});

describe("a host of one's own", () => {
  test("is found and proved by records in the zone, whoever keeps that, and gets a certificate", async () => {
    const result = await compileFor(azure, {
      address: ADDRESS,
      shop: { ...APP, routes: [`\${address.domain}/*`, "www.example.com/*"] },
    });
    const zone = ownOf(result, "cloudflare");
    const records = zone.resources.filter(({ type }) => type === "cloudflare_dns_record");
    expect(
      records.map(({ args }) => [plain(args.name), args.type, plain(args.content), args.proxied]),
    ).toEqual([
      ["<address.domain>", "CNAME", "<shop.default_hostname>", false],
      ["asuid.<address.domain>", "TXT", "<shop.custom_domain_verification_id>", false],
      ["www.example.com", "CNAME", "<shop.default_hostname>", false],
      ["asuid.www.example.com", "TXT", "<shop.custom_domain_verification_id>", false],
    ]);
    expect(zone.permissions).toEqual([{ group: "DNS Write", scope: "zone", because: ["shop"] }]);
    const own = ownOf(result, "azure");
    expect(plain(own.outputs.shop)).toBe("https://<address.domain>");
    expect(find(own, "shop.host.example.com").dependsOn).toEqual([
      "shop.address.example.com",
      "shop.proof.example.com",
    ]);
    expect(argsOf(own, "shop.tls.example.com")).toEqual({
      hostname_binding_id: "<shop.host.example.com.id>",
      certificate_id: "<shop.certificate.example.com.id>",
      ssl_state: "SniEnabled",
    });
  });

  test.each(listBadHosts())("is refused for %s", async (_, resources) => {
    const errors = errorsOf(await compileFor(azure, { address: ADDRESS, ...resources }));
    expect(new Set(errors)).toEqual(new Set([errors[0]]));
    expect(["SC3010", "SC3020"]).toContain(errors[0]);
  });
});

describe("what does not go together", () => {
  test.each([
    ...listConflicts("azure"),
    [
      "a variable that is App Service's own",
      { shop: { ...APP, env: { WEBSITE_HOSTNAME: "here" } } },
    ] as const,
    [
      "the variable that names the app's identity",
      { shop: { ...APP, env: { AZURE_CLIENT_ID: "mine" } } },
    ] as const,
  ])("is refused: %s", async (_, resources) => {
    expect(errorsOf(await compileFor(azure, resources))).toEqual(["SC3010"]);
  });

  test("a database that names no engine is PostgreSQL here", async () => {
    const { model } = await compileFor(azure, { orders: { kind: "database" } });
    expect(model?.resources[0]).toMatchObject({ kind: "database", engine: "postgres" });
  });
});

test("the plan and the zone are on the bill once, however many need them", async () => {
  const { prices } = await lower({
    orders: { kind: "database" },
    cache: { kind: "kv" },
    docs: { kind: "site", source: "./public" },
    shop: { ...APP, bind: { DB: "orders" } },
  });
  expect(prices.map(({ resource, service }) => `${resource} ${service}`)).toEqual([
    "docs azure/app-service:b1",
    "orders azure/dns:private-zone",
    "orders azure/postgresql:b1ms",
    "orders azure/postgresql:storage",
    "cache azure/postgresql:b1ms",
    "cache azure/postgresql:storage",
  ]);
});

test("what a stack shares has a name that Azure takes, however long the manifest's is", async () => {
  const manifest = JSON.parse(manifestWith({ shop: APP, orders: { kind: "database" } })) as object;
  const name = `a${"b".repeat(62)}`;
  const text = JSON.stringify({ ...manifest, name, provider: "azure" });
  const lowered = ownOf(await compileText(text), "azure");
  for (const shared of [
    "azure.resource-group",
    "azure.plan",
    "azure.network",
    "azure.database-zone-link",
  ])
    expect(find(lowered, shared).args.name).toMatch(/^[a-z][a-z0-9-]{0,58}[a-z0-9]$/);
  expect(find(lowered, "azure.database-zone").args.name).toMatch(
    /^[a-z][a-z0-9-]{0,61}[a-z0-9]\.private\.postgres\.database\.azure\.com$/,
  );
});

test("names of the longest resources are names at Azure, and different ones stay so", async () => {
  const long = `a${"b".repeat(62)}`;
  const lowered = await lower({
    [long]: APP,
    "a-b": { kind: "bucket" },
    ab: { kind: "bucket" },
    [`${"c".repeat(60)}`]: { kind: "database" },
  });
  const app = String(find(lowered, long).args.name);
  expect(app).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])$/);
  const server = String(find(lowered, "c".repeat(60)).args.name);
  expect(server).toMatch(/^[a-z](?:[a-z0-9-]{1,61}[a-z0-9])$/);
  const accounts = ["a-b", "ab"].map((name) =>
    String(find(lowered, `${name}.storage-account`).args.name),
  );
  for (const account of accounts) expect(account).toMatch(/^[a-z0-9]{3,24}$/);
  expect(new Set(accounts).size).toBe(2);
});

test.each([
  ["bind a database", "database", (app: object) => ({ ...app, bind: { DB: "it" } })],
  ["bind or consume a queue", "queue", (app: object) => ({ ...app, consumes: ["it"] })],
])("the apps that %s share what its server takes", async (_, kind, use) => {
  const resources = (count: number) => ({
    it: { kind },
    ...Object.fromEntries(Array.from({ length: count }, (_, i) => [`app${i}`, use(APP)])),
  });
  for (const [apps, each] of [
    [1, 10],
    [3, 10],
    [4, 7],
    [30, 1],
  ] as const) {
    const lowered = await lower(resources(apps));
    const urls = lowered.resources
      .filter(({ type }) => type === "azurerm_linux_web_app")
      .flatMap(({ args }) => JSON.stringify(plain(args.app_settings)).match(/connections=\d+/g));
    expect(urls).toEqual(Array.from({ length: apps }, () => `connections=${each}`));
  }
  const { diagnostics } = await compileFor(azure, resources(31));
  expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
    ["SC3010", expect.stringContaining("fewer than the 31 apps that use it")],
  ]);
});
