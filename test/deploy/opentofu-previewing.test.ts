import { describe, expect, test } from "vitest";
import { VENDORS } from "../../src/adapters/vendors/registry.ts";
import { OPENTOFU_FILE } from "../../src/compiler/4-emit/opentofu/opentofu-file.ts";
import { MIRRORED_PROVIDERS } from "../../src/deploy/opentofu/mirrored-providers.ts";
import { createPreviewingProvider } from "../../src/deploy/stand-in-plugin/opentofu/previewing-provider.ts";
import { readDeclared } from "../../src/deploy/stand-in-plugin/opentofu/read-declared.ts";
import { UNKNOWN, type Values } from "../../src/tfplugin/value.ts";
import { compileText, manifestWith, textOf } from "../compile/compile-text.ts";
import { KIND_CASES } from "../vendors/kind-cases.ts";

type Blocks = Readonly<Record<string, Readonly<Record<string, Values>>>>;

const PREVIEWING = MIRRORED_PROVIDERS.filter(({ applies }) => !applies);
const META = new Set(["depends_on", "lifecycle", "for_each", "provider"]);

/** What is printed of each kind that a vendor serves by itself. */
async function printKinds(provider: string): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const resources of Object.values(KIND_CASES)) {
    const manifest = JSON.parse(manifestWith(resources)) as object;
    const result = await compileText(JSON.stringify({ ...manifest, provider, engine: "opentofu" }));
    if (result.files !== undefined) texts.push(textOf(result, OPENTOFU_FILE));
  }
  return texts;
}

/** A block as a provider is given it before anything exists: what is an expression is unknown. */
function toValues(block: Values): Values {
  const own = Object.entries(block).filter(([name]) => !META.has(name));
  return Object.fromEntries(
    own.map(([name, value]) => [name, JSON.stringify(value).includes("${") ? UNKNOWN : value]),
  );
}

describe("a provider that plays in plans", () => {
  test.each(VENDORS.filter(({ package: found }) => found?.name !== "@pulumi/cloudflare"))(
    "finds nothing wrong with what is printed for $id, by the declarations of the package",
    async ({ id }) => {
      let seen = 0;
      for (const text of await printKinds(id))
        for (const { name } of PREVIEWING) {
          const provider = createPreviewingProvider(readDeclared(name, text));
          const { resource = {} } = JSON.parse(text) as { readonly resource?: Blocks };
          for (const [type, one] of provider.resources)
            for (const block of Object.values(resource[type] ?? {})) {
              seen += 1;
              expect(await one.validate?.(toValues(block)), type).toEqual([]);
            }
        }
      expect(seen).toBeGreaterThan(5);
    },
  );

  const bucket = (args: object) =>
    readDeclared("aws", JSON.stringify({ resource: { aws_s3_bucket: { media: args } } }));
  const problems = async (args: Values) =>
    createPreviewingProvider(bucket(args)).resources.get("aws_s3_bucket")?.validate?.(args);

  test("names an argument that there is not, one that is missing and one of another type", async () => {
    expect(await problems({ bucket: "media" })).toEqual([]);
    expect(await problems({ bukket: "media" })).toEqual([
      "aws_s3_bucket: bukket: there is no such argument",
    ]);
    expect(await problems({ bukket: UNKNOWN })).toEqual([
      "aws_s3_bucket: bukket: there is no such argument",
    ]);
    expect(await problems({ bucket: 3 })).toEqual(["aws_s3_bucket: bucket: is not a string"]);
    const route = readDeclared("aws", '{"resource":{"aws_apigatewayv2_route":{"all":{}}}}');
    const { resources } = createPreviewingProvider(route);
    expect(await resources.get("aws_apigatewayv2_route")?.validate?.({})).toContain(
      "aws_apigatewayv2_route: routeKey: is required",
    );
  });

  test("makes, changes and removes nothing", async () => {
    const one = createPreviewingProvider(bucket({ bucket: "media" })).resources.get(
      "aws_s3_bucket",
    );
    for (const act of [
      () => one?.create({ bucket: "media" }),
      () => one?.read({ bucket: "media" }),
      () => one?.update({ bucket: "media" }, { bucket: "other" }),
      () => one?.remove({ bucket: "media" }),
    ])
      await expect(act()).rejects.toThrow(/needs the real provider/);
  });

  test("knows the outputs that are read, also below an index, and none of other providers", () => {
    const text = JSON.stringify({
      resource: {
        aws_db_instance: { orders: { identifier: "orders", depends_on: ["aws_vpc.net"] } },
        vercel_project: { shop: { name: `\${aws_db_instance.orders.address}` } },
        aws_vpc: { net: { cidr_block: `\${one(aws_db_instance.orders["a"].endpoint)}` } },
      },
      provider: { aws: { region: "us-east-1" } },
    });
    const { config, resources } = readDeclared("aws", text);
    expect([...resources.keys()]).toEqual(["aws_db_instance", "aws_vpc"]);
    expect(config).toEqual({ region: { type: "dynamic", mode: "optional" } });
    expect(resources.get("aws_db_instance")).toEqual({
      address: { type: "dynamic", mode: "computed" },
      endpoint: { type: "dynamic", mode: "computed" },
      identifier: { type: "dynamic", mode: "optional" },
    });
  });

  test("a block that is read from is a list with what the provider fills in", () => {
    const domain = { endpoint_type: "REGIONAL", count: 1, is_on: true };
    const text = JSON.stringify({
      resource: {
        aws_apigatewayv2_domain_name: { it: { domain_name_configuration: domain } },
        aws_vpc: {
          net: {
            cidr_block: `\${one(aws_apigatewayv2_domain_name.it.domain_name_configuration).target}`,
          },
        },
      },
    });
    const found = readDeclared("aws", text).resources.get("aws_apigatewayv2_domain_name");
    expect(found?.domain_name_configuration).toEqual({
      type: {
        nesting: "list",
        isBlock: true,
        attributes: {
          endpoint_type: { type: "string", mode: "optional" },
          count: { type: "number", mode: "optional" },
          is_on: { type: "bool", mode: "optional" },
          target: { type: "string", mode: "computed" },
        },
      },
      mode: "optional",
    });
  });

  test("a reference in a text of an expression is one, however deep", () => {
    const policy = `\${jsonencode({ "Resource" = ["\${aws_s3_bucket.media.arn}/*", "a \\" \${upper("\${aws_vpc.net.owner_id}")}"] })}`;
    const { resources } = readDeclared(
      "aws",
      JSON.stringify({
        resource: {
          aws_iam_role_policy: { shop: { policy } },
          aws_s3_bucket: { media: {} },
          aws_vpc: { net: {} },
        },
      }),
    );
    const output = { type: "dynamic", mode: "computed" };
    expect(resources.get("aws_s3_bucket")).toEqual({ arn: output });
    expect(resources.get("aws_vpc")).toEqual({ owner_id: output });
  });

  test("what merely reads like a reference, in words of a manifest, is none", () => {
    const resource = {
      aws_lambda_function: {
        shop: {
          function_name: "one(aws_lambda_function.shop.environment).x",
          description: "$${aws_lambda_function.shop.fooBar} and aws_lambda_function.shop.count",
          environment: `\${jsonencode({ "aws_lambda_function.shop.secret }" = aws_vpc.net.id })}`,
        },
      },
      aws_vpc: { net: { cidr_block: `a_b.x[`.repeat(20_000) } },
    };
    const { resources } = readDeclared("aws", JSON.stringify({ resource }));
    const argument = { type: "dynamic", mode: "optional" };
    expect(resources.get("aws_lambda_function")).toEqual({
      function_name: argument,
      description: argument,
      environment: argument,
    });
    expect(resources.get("aws_vpc")).toEqual({
      cidr_block: argument,
      id: { type: "dynamic", mode: "computed" },
    });
  });
});
