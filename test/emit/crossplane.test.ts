import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { LEASE_KINDS } from "../../src/broker/protocol.ts";
import type { ArtifactBuilder } from "../../src/compiler/4-emit/built-artifact.ts";
import { CROSSPLANE_FILES } from "../../src/compiler/4-emit/crossplane/crossplane-files.ts";
import { clusterKind } from "../../src/compiler/4-emit/crossplane/crossplane-names.ts";
import { leaseDefinition } from "../../src/compiler/4-emit/crossplane/lease-definition.ts";
import { printYaml } from "../../src/compiler/4-emit/crossplane/print-yaml.ts";
import type { CompileResult } from "../../src/compiler/compile.ts";
import { readStack } from "../../src/deploy/crossplane/read-stack.ts";
import { INPUT_RULES } from "../../src/resources/input-fields.ts";
import { schemaTypeOf } from "../../src/review/schema-type-of.ts";
import {
  buildStandIns,
  compileText,
  errorsOf,
  manifestWith,
  textOf,
} from "../compile/compile-text.ts";
import { getAt } from "../support/crossplane/field-path.ts";
import { readDocuments } from "../support/crossplane/render-stack.ts";
import type { PlainObject } from "../support/crossplane/struct-value.ts";

const CASES = join(import.meta.dirname, "cases");
const STOREFRONT = readFileSync(
  join(import.meta.dirname, "../../templates/storefront/supercargo.yaml"),
  "utf8",
);
const MANIFESTS: ReadonlyMap<string, string> = new Map([
  ...readdirSync(CASES).map((file) => [file, readFileSync(join(CASES, file), "utf8")] as const),
  ["storefront", STOREFRONT],
]);

const compileFor = (text: string, artifacts?: ArtifactBuilder): Promise<CompileResult> =>
  compileText(text, { engine: "crossplane", ...(artifacts && { artifacts }) });
const results = new Map(
  await Promise.all(
    [...MANIFESTS].map(async ([name, text]) => [name, await compileFor(text)] as const),
  ),
);
const printable = [...results].filter(([, { files }]) => files !== undefined);
const documentsOf = (result: CompileResult, file: keyof typeof CROSSPLANE_FILES) =>
  readDocuments(textOf(result, CROSSPLANE_FILES[file]));
const templatesOf = (result: CompileResult) =>
  getAt(
    documentsOf(result, "composition")[0] ?? {},
    "spec.pipeline[0].input.resources",
  ) as PlainObject[];

describe("what is printed for Crossplane", () => {
  test("is there for every case but those that a cluster cannot be given", () => {
    const without = [...results.keys()].filter(
      (name) => !printable.some(([printed]) => printed === name),
    );
    expect(without.toSorted()).toEqual([
      "all-kinds.yaml",
      "aws-account.yaml",
      "aws.yaml",
      "azure-account.yaml",
      "azure.yaml",
      "container.yaml",
      "gcp-account.yaml",
      "gcp.yaml",
      "neon.yaml",
      "netlify.yaml",
      "site.yaml",
      "vercel.yaml",
    ]);
  });

  test.each(printable)("%s reads back as what was lowered", (_name, result) => {
    const lowered = (result.lowered ?? []).flatMap(({ resources }) => resources);
    const own = lowered.filter(({ type }) => !type.startsWith("provider_"));
    expect(readStack(result.files ?? new Map()).map(({ urn }) => urn)).toEqual(
      own.map(({ type, name }) => `${type}::${name}`).toSorted(),
    );
  });

  test.each(printable)(
    "%s: what is read of the stack is told to it once, and defined",
    (_n, result) => {
      const patches = templatesOf(result).flatMap(({ patches = [] }) => patches as PlainObject[]);
      const told = patches
        .filter(({ type }) => type === "ToCompositeFieldPath")
        .map(({ toFieldPath }) => String(toFieldPath));
      const read = patches
        .filter(({ type }) => type !== "ToCompositeFieldPath")
        .flatMap(({ fromFieldPath, combine }) => {
          const { variables = [] } = (combine ?? {}) as { readonly variables?: PlainObject[] };
          return fromFieldPath === undefined
            ? variables.map((one) => String(one.fromFieldPath))
            : [String(fromFieldPath)];
        });
      expect(new Set(told).size).toBe(told.length);
      const outputs = new Set(read.filter((path) => path.startsWith("status.")));
      expect([...outputs].filter((path) => !told.includes(path))).toEqual([]);
      expect(told.filter((path) => !outputs.has(path) && !path.startsWith("status.urls"))).toEqual(
        [],
      );
      const [definition = {}] = documentsOf(result, "definition");
      const schema = getAt(definition, "spec.versions[0].schema.openAPIV3Schema") as PlainObject;
      for (const path of [...told, ...read.filter((one) => one.startsWith("spec."))]) {
        const inSchema = path.replaceAll(/\[([^\]]+)\]|\.([^.[]+)/g, ".properties[$1$2]");
        expect(getAt(schema, `properties.${inSchema}`), path).toEqual({ type: "string" });
      }
    },
  );

  test.each(printable)("%s gives each lease all that the broker asks for", (_name, result) => {
    for (const { type, after } of readStack(result.files ?? new Map())) {
      const kind = LEASE_KINDS.find((one) => type === `supercargo_${one.replaceAll("-", "_")}`);
      if (kind === undefined) continue;
      expect(Object.keys(after ?? {}).toSorted()).toEqual(
        Object.keys(INPUT_RULES[kind]).toSorted(),
      );
    }
  });

  test("a domain is left where it is", () => {
    const [address] = templatesOf(results.get("storefront") ?? { diagnostics: [] }).filter(
      ({ name }) => name === "address",
    );
    expect(getAt(address ?? {}, "base.spec.managementPolicies")).not.toContain("Delete");
    expect(getAt(address ?? {}, "base.spec.managementPolicies")).not.toContain("*");
  });

  test("a per cent sign in a text does not become a part of a format", async () => {
    const result = await compileFor(
      manifestWith({
        address: { kind: "domain", domain: "example-shop.com", maxPrice: "12.00 USD" },
        shop: {
          kind: "app",
          source: "./app",
          env: { SENDER: "100%s of $" + "{address.domain}" },
        },
      }),
    );
    expect(errorsOf(result)).toEqual([]);
    const texts = templatesOf(result).find(({ name }) => name === "shop/texts") ?? {};
    expect(getAt(texts, "patches[0].combine.string.fmt")).toBe("100%%s of %s");
  });

  test("says that nobody applies it", async () => {
    const { diagnostics } = results.get("storefront") ?? { diagnostics: [] };
    expect(diagnostics.map(({ code, severity }) => `${code} ${severity}`)).toContain(
      "SC5002 warning",
    );
  });

  test.each([
    ["site.yaml", "would have to lie on the disk"],
    ["container.yaml", "no provider of `docker`"],
    ["aws.yaml", "no provider of `aws`"],
  ])("%s is refused with the reason", (name, reason) => {
    const { diagnostics } = results.get(name) ?? { diagnostics: [] };
    const found = diagnostics.filter(({ code }) => code === "SC5001");
    expect(found.map(({ message }) => message).join("; ")).toContain(reason);
  });

  test("a name that a cluster does not take is refused", async () => {
    const result = await compileFor(manifestWith({ "orders-": { kind: "database" } }));
    expect(errorsOf(result)).toContain("SC5001");
  });

  test("code that does not fit into a cluster's object is refused, SC5003", async () => {
    const app = manifestWith({ shop: { kind: "app", source: "./app" } });
    const artifactsOf =
      (bytes: number): ArtifactBuilder =>
      async (...input) =>
        (await buildStandIns(...input))?.map((built) => ({
          ...built,
          files: built.files.map((file) => ({ ...file, bytes: new Uint8Array(bytes).fill(0x61) })),
        }));
    expect(errorsOf(await compileFor(app, artifactsOf(1_000_000)))).toEqual([]);
    expect(errorsOf(await compileFor(app, artifactsOf(1_000_001)))).toEqual(["SC5003"]);
  });
});

describe("kinds in a cluster", () => {
  test("there is one for every type of Cloudflare's that is lowered, and none twice", () => {
    const types = [...results.values()]
      .flatMap(({ lowered = [] }) => lowered)
      .flatMap(({ resources }) => resources.map(({ type }) => type))
      .filter((type) => /^(?:cloudflare|supercargo)_/.test(type));
    const kinds = new Map([...new Set(types)].map((type) => [type, clusterKind(type)]));
    expect([...kinds].filter(([, kind]) => kind === undefined)).toEqual([]);
    const names = [...kinds.values()].map((kind) => `${kind?.apiVersion} ${kind?.kind}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test("are called as Upjet calls them", () => {
    expect(clusterKind("cloudflare_workers_kv_namespace")).toEqual({
      apiVersion: "workers.upjet-cloudflare.m.upbound.io/v1alpha1",
      kind: "KvNamespace",
    });
    expect(clusterKind("cloudflare_queue")).toEqual({
      apiVersion: "cloudflare.upjet-cloudflare.m.upbound.io/v1alpha1",
      kind: "Queue",
    });
    expect(clusterKind("aws_s3_bucket")).toBeUndefined();
  });

  test.each(LEASE_KINDS)("%s takes what the broker takes, and tells no secret", (kind) => {
    const definition = leaseDefinition(kind) as PlainObject;
    const schema = getAt(
      definition,
      "spec.versions[0].schema.openAPIV3Schema.properties",
    ) as PlainObject;
    const inputs = Object.keys(INPUT_RULES[kind]).toSorted();
    expect(getAt(schema, "spec.properties.forProvider.required")).toEqual(
      expect.arrayContaining(inputs),
    );
    expect(
      Object.keys(
        getAt(schema, "spec.properties.forProvider.properties") as PlainObject,
      ).toSorted(),
    ).toEqual(inputs);
    const told = Object.keys(
      getAt(schema, "status.properties.atProvider.properties") as PlainObject,
    );
    expect(told).not.toContain("value");
    expect(told).not.toContain("credentials");
    const type = `supercargo_${kind.replaceAll("-", "_")}`;
    expect(getAt(definition, "spec.names.kind")).toBe(clusterKind(type)?.kind);
    expect(schemaTypeOf(type)).toBe(type);
  });
});

describe("YAML", () => {
  const NAUGHTY = [
    ...["y", "NO", "on", "off", "null", "~", "", " ", "- a", "a: b", "#x", "&a", "*a", "!x", "%x"],
    ...["2026-07-01", "12:30:00", "1e3", "0o7", "010", "0x1F", ".inf", "1_000", "+1", "=", "<<"],
    ...[
      "| a",
      "> b",
      "a\n---\nb\n",
      "a\n...\n",
      " lead\n  more\n",
      "\n",
      "\n\n",
      "tail \n",
      "\t\n",
    ],
    ...[
      "\u0085\u2028\u202e",
      "\0\b\x7f",
      "\u{1f6d2}",
      "\ufeff",
      "'\"\\",
      `$\u007ba}`,
      "{{ a }}",
      "a\r\nb",
    ],
    "x".repeat(5_000),
  ];

  test.each(["1.1", "1.2"] as const)("holds any text as a text, read as %s", (version) => {
    const value = Object.fromEntries(NAUGHTY.map((text, i) => [text, [text, i, { [text]: text }]]));
    const printed = printYaml(["made", "", "of"], [value, NAUGHTY]);
    expect(printed).toMatch(/^[\n\t\x20-\x7e]*$/);
    const documents = parseAllDocuments(printed, { version });
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
    expect(documents.map((document) => document.toJS())).toEqual([value, NAUGHTY]);
  });

  test("a half of a character is replaced, as YAML has none", () => {
    expect(readDocuments(printYaml([], ["a\ud800b"] as never))).toEqual(["a\ufffdb"]);
  });
});
