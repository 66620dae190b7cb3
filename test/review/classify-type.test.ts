import { describe, expect, it } from "vitest";
import { createProtocolVendor } from "../../src/adapters/vendors/create-protocol-vendor.ts";
import { VENDORS } from "../../src/adapters/vendors/registry.ts";
import type { CompileResult } from "../../src/compiler/compile.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { checkRemovals } from "../../src/review/check-removals.ts";
import { classifyType } from "../../src/review/classify-type.ts";
import type { EngineStep } from "../../src/review/engine-step.ts";
import { schemaTypeOf } from "../../src/review/schema-type-of.ts";
import { compileText, errorsOf, manifestWith } from "../compile/compile-text.ts";
import { compileFor } from "../vendors/kind-cases.ts";

/** Kinds whose resources hold what nobody else has. */
const DATA_KINDS: readonly string[] = ["database", "bucket", "kv", "queue", "service"];

const DOMAIN = `\${address.domain}`;

/** Every portable kind with each part that it can have. */
const RESOURCES = {
  address: { kind: "domain", domain: "example.com", maxPrice: "12.00 USD" },
  www: { kind: "dns", zone: "address", name: "www", type: "A", content: "192.0.2.1" },
  orders: { kind: "database", engine: "sqlite" },
  media: { kind: "bucket" },
  cache: { kind: "kv" },
  mail: { kind: "queue" },
  key: { kind: "secret" },
  nightly: { kind: "cron", app: "web", schedule: "0 3 * * *" },
  help: { kind: "site", source: "./public", spa: true, routes: [`docs.${DOMAIN}/*`] },
  inner: { kind: "app", source: "./app" },
  web: {
    kind: "app",
    source: "./app",
    bind: { DB: "orders", MEDIA: "media", KV: "cache", MAIL: "mail", KEY: "key", IN: "inner" },
    consumes: ["mail"],
    routes: [`${DOMAIN}/api/*`],
  },
};
/** What a vendor has beyond that, or has otherwise. */
const OTHERS: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  aws: { orders: { kind: "database" }, web: { ...RESOURCES.web, routes: [`${DOMAIN}/*`] } },
  azure: { orders: { kind: "database" }, web: { ...RESOURCES.web, routes: [`${DOMAIN}/*`] } },
  gcp: { orders: { kind: "database" }, web: { ...RESOURCES.web, routes: [`${DOMAIN}/*`] } },
  container: { ledger: { kind: "database", engine: "postgres" } },
  neon: Object.fromEntries(
    Object.entries(RESOURCES).map(([name, one]) => [
      name,
      ["database", "kv", "domain", "dns"].includes(one.kind)
        ? { ...one, ...(one.kind === "database" && { engine: "postgres" }) }
        : { ...one, provider: "container" },
    ]),
  ),
  netlify: {
    orders: { kind: "database" },
    web: {
      kind: "app",
      source: "./app",
      bind: { MEDIA: "media", KV: "cache", MAIL: "mail", KEY: "key", IN: "inner" },
      consumes: ["mail"],
      routes: [`${DOMAIN}/*`],
    },
  },
  vercel: {
    orders: { kind: "database" },
    mail: { kind: "queue", provider: "cloudflare" },
    web: {
      kind: "app",
      source: "./app",
      bind: { DB: "orders", MEDIA: "media", KV: "cache", KEY: "key", IN: "inner" },
      routes: [`${DOMAIN}/*`],
    },
  },
};

const emitted = (result: CompileResult) =>
  (result.lowered ?? []).flatMap(({ provider, resources }) =>
    resources
      .filter(({ type }) => !type.startsWith("provider_"))
      .map((resource) => ({ ...resource, place: provider })),
  );

describe.each(VENDORS.map((vendor) => [vendor.id, vendor] as const))(
  "what %s makes",
  (id, vendor) => {
    const compiled = compileFor(vendor, { ...RESOURCES, ...OTHERS[id] });

    it("is known by its type: what it holds, which kinds and whose it is", async () => {
      const result = await compiled;
      expect(errorsOf(result)).toEqual([]);
      const kinds = new Map(result.model?.resources.map((node) => [node.name, node.kind]));
      for (const { name, type, place } of emitted(result)) {
        const { holds, kinds: known, provider } = classifyType(type);
        const kind = kinds.get(name);
        expect(holds === "data" && known.length === 0, `${type} is not classified`).toBe(false);
        expect(provider ?? place, type).toBe(place);
        if (kind === undefined) continue;
        expect(known, type).toContain(kind);
        if (DATA_KINDS.includes(kind)) expect(holds, `${type} of a ${kind}`).toBe("data");
      }
    });
  },
);

it("what the provisioning protocol makes is known, too", async () => {
  const resources = { it: { kind: "service", service: "neon/postgres" } };
  const result = await compileFor(createProtocolVendor("neon"), resources);
  const types = emitted(result).map(({ type }) => type);
  expect(types).toContain("supercargo_service_instance");
  expect(
    types
      .filter((type) => classifyType(type).kinds.length === 0)
      .map((type) => classifyType(type).holds),
  ).toEqual(["power", "power"]);
});

it("what is not known counts as data of no kind", () => {
  for (const type of ["docker_secret", "aws_instance", "constructor", ""])
    expect(classifyType(type)).toEqual({ holds: "data", kinds: [] });
});

it.each([
  ["netlify:index/blobStore:BlobStore", "data"],
  ["netlify:index/site:Site", "remade"],
  ["vercel:index/blobStore:BlobStore", "data"],
  ["vercel:index/blobProjectConnection:BlobProjectConnection", "remade"],
  ["vercel:index/projectEnvironmentVariable:ProjectEnvironmentVariable", "remade"],
])("Pulumi's %s is known, too", (type, holds) => {
  const provider = type.split(":", 1)[0];
  expect(classifyType(schemaTypeOf(type))).toMatchObject({ holds, provider });
});

/** What the diagnostics say of a preview in which resources of a container stack leave the manifest, and others may come in their place. */
async function preview(input: {
  readonly leaves: Readonly<Record<string, object>>;
  readonly comes?: Readonly<Record<string, object>>;
  readonly subject?: string;
  readonly guardrails?: string;
}): Promise<readonly Diagnostic[]> {
  const { leaves, comes = {}, subject = "agent:build-bot", guardrails } = input;
  const compileWith = async (resources: object) => {
    const manifest = JSON.parse(manifestWith(resources as typeof leaves)) as object;
    const text = JSON.stringify({ ...manifest, provider: "container" });
    const result = await compileText(text, {
      ...(guardrails && { guardrails: { path: "guardrails.yaml", text: guardrails } }),
    });
    expect(errorsOf(result)).toEqual([]);
    return result;
  };
  const rest = { help: { kind: "site", source: "./public" } };
  const before = await compileWith({ ...rest, ...leaves });
  const { model, lowered = [] } = await compileWith({ ...rest, ...comes });
  if (model === undefined) throw new Error("no model");
  const kept = new Set(lowered.flatMap(({ resources }) => resources).map(keyOf));
  const steps = emitted(before)
    .filter((one) => !kept.has(keyOf(one)))
    .map(
      ({ name, type }): EngineStep => ({ op: "delete", name, type, urn: name, changedKeys: [] }),
    );
  expect(steps.length).toBeGreaterThan(0);
  const found: Diagnostic[] = [];
  checkRemovals(
    { model, lowered, steps, subject, manifest: "supercargo.yaml" },
    { report: (diagnostic) => void found.push(diagnostic) },
  );
  return found;
}

const keyOf = ({ name, type }: { readonly name: string; readonly type: string }) =>
  `${name} ${type}`;

describe("a container stack's data", () => {
  const DATA = [
    { kind: "database", engine: "sqlite" },
    { kind: "database", engine: "postgres" },
    { kind: "bucket" },
    { kind: "kv" },
    { kind: "queue" },
  ];
  const human = "human:founder@example.com";

  it.each(DATA)("of $kind $engine does not go with an agent's plan", async (data) => {
    const found = await preview({ leaves: { orders: data } });
    expect(found.map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringMatching(
        /^SC4017 .*may not delete `orders` of the kind database, bucket, kv or queue/,
      ),
    ]);
  });

  it.each(DATA)(
    "of $kind $engine does not go because something else bears its name",
    async (data) => {
      for (const comes of [
        { kind: "secret" },
        { kind: "domain", domain: "example.com", maxPrice: "12.00 USD" },
        { kind: "app", source: "./app" },
        { ...data, provider: "cloudflare", ...(data.engine && { engine: "sqlite" }) },
      ]) {
        const found = await preview({ leaves: { orders: data }, comes: { orders: comes } });
        expect(
          found.map(({ message }) => message),
          comes.kind,
        ).toEqual([expect.stringContaining("may not delete `orders`")]);
      }
    },
  );

  it.each(DATA)("of $kind $engine is held to rules for kinds and providers", async (data) => {
    const base = `apiVersion: supercargo/v1
permissions:
  - { effect: permit, subject: "*", verbs: [create-free, create-paid, deploy, issue-token, update] }
  - { effect: permit, subject: human, verbs: [delete] }
`;
    const leaves = { orders: data };
    expect(await preview({ leaves, subject: human, guardrails: base })).toEqual([]);
    for (const rule of [
      `kinds: [${data.kind}]`,
      "when: { providers: [container] }",
      `kinds: [${data.kind}], when: { providers: [container] }`,
    ]) {
      const guardrails = `${base}  - { effect: forbid, subject: human, verbs: [delete], ${rule} }\n`;
      const found = await preview({ leaves, subject: human, guardrails });
      expect(
        found.map(({ code }) => code),
        rule,
      ).toEqual(["SC4017"]);
    }
    const others = `${base}  - { effect: forbid, subject: human, verbs: [delete], when: { providers: [cloudflare] } }\n`;
    expect(await preview({ leaves, subject: human, guardrails: others })).toEqual([]);
  });
});
