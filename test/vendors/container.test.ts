import { describe, expect, test } from "vitest";
import container from "../../src/adapters/vendors/container/index.ts";
import type { Lowered, LoweredResource } from "../../src/adapters/vendors/contract.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { errorsOf } from "../compile/compile-text.ts";
import { compileFor } from "./kind-cases.ts";
import { testVendor } from "./vendor-suite.ts";

testVendor(container);

const APP = { kind: "app", source: "./app" };
const ADDRESS = { kind: "domain", domain: "example.com", maxPrice: "12 USD" };

async function lower(resources: Readonly<Record<string, object>>): Promise<Lowered> {
  const result = await compileFor(container, resources);
  const own = result.lowered?.find(({ provider }) => provider === "container");
  if (own === undefined) throw new Error(JSON.stringify(result.diagnostics, null, 1));
  return own;
}

function find({ resources }: Lowered, name: string): LoweredResource {
  const found = resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`no ${name} in ${resources.map((r) => r.name)}`);
  return found;
}

/** A concatenation as text, with `<resource.attribute>` for what is known only later. */
function print(value: unknown): string {
  if (typeof value === "string") return value;
  const { kind, parts, resource, attribute } = value as Record<string, unknown>;
  if (kind === "concat") return (parts as readonly unknown[]).map(print).join("");
  return `<${resource}.${attribute}>`;
}

const envOf = (lowered: Lowered, name: string) =>
  (find(lowered, name).args.env as readonly unknown[]).map(print);

describe("what an app on a container host finds", () => {
  test("is a URL for each binding, in the variable of that name", async () => {
    const lowered = await lower({
      notes: { kind: "database", engine: "sqlite" },
      orders: { kind: "database", engine: "postgres" },
      media: { kind: "bucket" },
      cache: { kind: "kv" },
      jobs: { kind: "queue" },
      "new-mail": { kind: "queue" },
      key: { kind: "secret" },
      mailer: APP,
      shop: {
        ...APP,
        env: { GREETING: "hello", READER: "postgres://u:p@example.com/numbers" },
        bind: {
          NOTES: "notes",
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
    const queue =
      "postgres://app_shop:<jobs.shop-password.value>@acme-local-jobs.server:5432/jobs?queue=jobs";
    expect(envOf(lowered, "shop")).toEqual([
      "PORT=8080",
      "NOTES=file:/data/notes/notes.sqlite",
      "ORDERS=postgres://app_shop:<orders.shop-password.value>@acme-local-orders.server:5432/orders",
      "MEDIA=s3://<media.access-key.value>:<media.secret-key.value>@acme-local-media.server:7070/acme-local-media?region=auto&tls=false",
      "CACHE=postgres://app_shop:<cache.shop-password.value>@acme-local-cache.server:5432/cache?kv=cache",
      `JOBS=${queue}`,
      "KEY=<key.value>",
      "MAILER=http://acme-local-mailer:8080",
      "GREETING=hello",
      "READER=postgres://u:p@example.com/numbers",
      "SUPERCARGO_BINDINGS=NOTES,ORDERS,MEDIA,CACHE,JOBS",
      `SUPERCARGO_QUEUE_NEW_MAIL=${queue.replaceAll("jobs", "new-mail")}`,
      "SUPERCARGO_CONSUMES=JOBS,SUPERCARGO_QUEUE_NEW_MAIL",
      "SUPERCARGO_CRONS=0 * * * *; 0 3 * * *",
    ]);
  });

  test("waits until its servers are healthy and its roles are made, one after the other", async () => {
    const lowered = await lower({
      orders: { kind: "database", engine: "postgres" },
      media: { kind: "bucket" },
      shop: { ...APP, bind: { DB: "orders", MEDIA: "media" } },
      office: { ...APP, bind: { DB: "orders" } },
    });
    expect(find(lowered, "shop").dependsOn).toEqual(["orders.shop-role", "media.server"]);
    expect(find(lowered, "office").dependsOn).toEqual(["orders.office-role"]);
    expect(find(lowered, "orders.office-role").dependsOn).toEqual(["orders.shop-role"]);
    expect(find(lowered, "orders.server").args).toMatchObject({ wait: true });
  });
});

describe("least privilege", () => {
  test("an app has no capability, no port of the host and no administrator's password", async () => {
    const lowered = await lower({
      orders: { kind: "database", engine: "postgres" },
      shop: { ...APP, bind: { DB: "orders" } },
    });
    const { args } = find(lowered, "shop");
    expect(args.capabilities).toEqual({ kind: "object", fields: { drop: ["ALL"] } });
    expect(args).not.toHaveProperty("ports");
    expect(JSON.stringify(args)).not.toContain('"orders.password"');
    const open = lowered.resources.filter((one) => "ports" in one.args).map(({ name }) => name);
    expect(open).toEqual(["container.proxy"]);
  });

  test("an app that binds nothing gets no role, and no server runs for it", async () => {
    const { resources } = await lower({ shop: APP });
    expect(resources.map(({ name }) => name)).toEqual([
      "container.network",
      "container.node",
      "container.proxy-image",
      "container.certificates",
      "container.proxy",
      "shop",
    ]);
  });
});

describe("names", () => {
  test("the data of a manifest resource is in the volume of its name", async () => {
    const lowered = await lower({ media: { kind: "bucket" }, cache: { kind: "kv" } });
    expect(find(lowered, "media").type).toBe("docker_volume");
    expect(find(lowered, "cache").type).toBe("docker_volume");
  });

  test("a role of the longest name fits PostgreSQL and is no other's", async () => {
    const [first, second] = [`a${"b".repeat(61)}c`, `a${"b".repeat(61)}d`];
    const lowered = await lower({
      cache: { kind: "kv" },
      [first]: { ...APP, bind: { CACHE: "cache" } },
      [second]: { ...APP, bind: { CACHE: "cache" } },
    });
    const users = [first, second].map(
      (name) => /postgres:\/\/([^:]+):/.exec(envOf(lowered, name).join("\n"))?.[1] ?? "",
    );
    expect(new Set(users).size).toBe(2);
    for (const user of users) expect(user).toMatch(/^[a-z_0-9]{1,63}$/);
  });
});

describe("the proxy", () => {
  test("leads hosts and paths to their apps; what has no route answers below localhost", async () => {
    const lowered = await lower({
      address: ADDRESS,
      shop: { ...APP, routes: [`\${address.domain}/*`] },
      api: { ...APP, routes: [`\${address.domain}/api/*`, "api.example.net/*"] },
      inner: APP,
    });
    const { fields } = (find(lowered, "container.proxy").args.upload as never)[0] as {
      fields: Record<string, unknown>;
    };
    const handle = (path: string, app: string) =>
      `\thandle ${path}{\n\t\treverse_proxy acme-local-${app}:8080 {\n\t\t\tlb_try_duration 25s\n\t\t}\n\t}\n`;
    expect(print(fields.content)).toBe(
      `<address.domain> {\n${handle("", "shop")}${handle("/api/* ", "api")}}\n` +
        `api.example.net {\n${handle("", "api")}}\n` +
        `http://acme-local-inner.localhost {\n${handle("", "inner")}}\n`,
    );
    const urls = Object.entries(lowered.outputs).map(([name, url]) => `${name} ${print(url)}`);
    expect(urls).toEqual([
      "shop https://<address.domain>",
      "api https://<address.domain>/api",
      "inner http://acme-local-inner.localhost",
    ]);
  });
});

describe("a name that PostgreSQL has for itself", () => {
  test.each([
    ["postgres", { kind: "database", engine: "postgres" }],
    ["template0", { kind: "kv" }],
    ["template1", { kind: "queue" }],
  ])("%s is none for what becomes a database there", async (name, resource) => {
    const result = await compileFor(container, { [name]: resource });
    expect(errorsOf(result)).toEqual(["SC3010"]);
    const [{ message, path }] = result.diagnostics.filter(({ code }) => code === "SC3010") as [
      Diagnostic,
    ];
    expect(message).toContain("PostgreSQL has one of that name for itself");
    expect(path).toBe(`resources.${name}`);
  });

  test("serves what is none there, and elsewhere", async () => {
    const result = await compileFor(container, {
      postgres: { kind: "database", engine: "sqlite" },
      template0: { kind: "bucket" },
      template1: { kind: "kv", provider: "cloudflare" },
      "postgres-2": { kind: "kv" },
    });
    expect(errorsOf(result)).toEqual([]);
  });
});

test("a stack says that it needs the object store when it has a bucket, and only then", async () => {
  const needs = async (resources: Readonly<Record<string, object>>) =>
    (await lower({ shop: APP, cache: { kind: "kv" }, ...resources })).sandboxNeeds;
  expect(await needs({ media: { kind: "bucket" } })).toEqual(["object-store"]);
  expect(await needs({ media: { kind: "bucket", provider: "cloudflare" } })).toEqual([]);
  expect(await needs({})).toEqual([]);
});

test("the proxy has one entry for a host, however its routes name it", async () => {
  const lowered = await lower({
    address: ADDRESS,
    shop: { ...APP, routes: [`\${address.domain}/*`, "www.example.com/*"] },
    api: { ...APP, routes: ["example.com/api/*", `www.\${address.domain}/api/*`] },
  });
  const { fields } = (find(lowered, "container.proxy").args.upload as never)[0] as {
    fields: Record<string, unknown>;
  };
  const entries = print(fields.content).match(/^\S.* \{$|handle.*(?= \{)|acme-local-\w+/gm);
  const routes = ["handle", "acme-local-shop", "handle /api/*", "acme-local-api"];
  expect(entries).toEqual(["<address.domain> {", ...routes, "www.example.com {", ...routes]);
});

test("an app cannot bind what is on another provider", async () => {
  const result = await compileFor(container, {
    orders: { kind: "database", provider: "cloudflare" },
    shop: { ...APP, bind: { DB: "orders" } },
  });
  expect(errorsOf(result)).toEqual(["SC3010"]);
});

describe("a kind that a container host cannot be", () => {
  test("goes to a provider that serves it, with a note; a record goes where its zone is", async () => {
    const { model, diagnostics } = await compileFor(container, {
      address: ADDRESS,
      www: { kind: "dns", zone: "address", name: "www", type: "A", content: "192.0.2.1" },
      shop: { ...APP, routes: [`\${address.domain}/*`] },
    });
    expect(model?.resources.map(({ name, provider }) => `${name} ${provider}`)).toEqual([
      "address cloudflare",
      "www cloudflare",
      "shop container",
    ]);
    const codes = diagnostics.map(({ code }) => code);
    expect(codes.filter((code) => code === "SC4021")).toHaveLength(2);
    expect(codes).toContain("SC4022");
  });
});
