import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { toAwsCron } from "../../src/adapters/vendors/aws/aws-cron.ts";
import aws from "../../src/adapters/vendors/aws/index.ts";
import type { Lowered } from "../../src/adapters/vendors/contract.ts";
import { errorsOf } from "../compile/compile-text.ts";
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

testVendor(aws);

const lower = (resources: Readonly<Record<string, object>>) => lowerFor(aws, resources);

interface Statement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/** `action on resource` for each pair that a policy allows. */
function allowed(lowered: Lowered, name: string): readonly string[] {
  const { Statement: statements } = plain(find(lowered, name).args.policy) as {
    readonly Statement: readonly Statement[];
  };
  return statements
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Action, Resource }) =>
      Action.flatMap((action) => Resource.map((arn) => `${action} on ${arn}`)),
    );
}

const EVERY_APP = [
  "logs:CreateLogStream on <shop.log.arn>:*",
  "logs:PutLogEvents on <shop.log.arn>:*",
];
const IN_NETWORK = [
  "ec2:AssignPrivateIpAddresses on *",
  "ec2:CreateNetworkInterface on *",
  "ec2:DeleteNetworkInterface on *",
  "ec2:DescribeNetworkInterfaces on *",
  "ec2:DescribeSubnets on *",
  "ec2:UnassignPrivateIpAddresses on *",
];

/** What an app may do because it binds, or consumes, `it`. */
const RIGHTS: Readonly<Record<string, readonly [target: object, rights: readonly string[]]>> = {
  bucket: [
    { kind: "bucket" },
    [
      "s3:ListBucket on <it.arn>",
      "s3:DeleteObject on <it.arn>/*",
      "s3:GetObject on <it.arn>/*",
      "s3:PutObject on <it.arn>/*",
    ],
  ],
  queue: [{ kind: "queue" }, ["sqs:SendMessage on <it.arn>"]],
  database: [{ kind: "database" }, IN_NETWORK],
  kv: [{ kind: "kv" }, IN_NETWORK],
  secret: [{ kind: "secret" }, []],
  app: [APP, []],
};

describe("least permissions", () => {
  it.each(Object.entries(RIGHTS))("a bound %s gives exactly these", async (_, [it, rights]) => {
    const lowered = await lower({ it, shop: { ...APP, bind: { IT: "it" } } });
    expect(allowed(lowered, "shop.rights")).toEqual([...EVERY_APP, ...rights]);
  });

  it("a consumed queue gives exactly these", async () => {
    const lowered = await lower({ it: { kind: "queue" }, shop: { ...APP, consumes: ["it"] } });
    expect(allowed(lowered, "shop.rights")).toEqual([
      ...EVERY_APP,
      "sqs:DeleteMessage on <it.arn>",
      "sqs:GetQueueAttributes on <it.arn>",
      "sqs:ReceiveMessage on <it.arn>",
    ]);
  });

  it("a schedule may call its app, and nothing else", async () => {
    const cron = { kind: "cron", app: "shop", schedule: "0 3 * * *" };
    const lowered = await lower({ shop: APP, nightly: cron });
    expect(allowed(lowered, "nightly.rights")).toEqual(["lambda:InvokeFunction on <shop.arn>"]);
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
        expect(new Set(allowed(lowered, "shop.rights"))).toEqual(
          new Set([...EVERY_APP, ...wanted]),
        );
      }),
      { numRuns: 20 },
    );
  });

  it("an app's own code may not use what Lambda needs for the network", async () => {
    const lowered = await lower({
      orders: { kind: "database" },
      shop: { ...APP, bind: { DB: "orders" } },
    });
    const { Statement: statements } = plain(find(lowered, "shop.rights").args.policy) as {
      readonly Statement: readonly Statement[];
    };
    expect(statements.filter(({ Effect }) => Effect === "Deny")).toEqual([
      {
        Effect: "Deny",
        Action: ["ec2:*"],
        Resource: ["*"],
        Condition: {
          ArnEquals: {
            "lambda:SourceFunctionArn":
              "arn:aws:lambda:us-east-1:<aws.network.owner_id>:function:acme-local-shop",
          },
        },
      },
    ]);
  });

  it("a database is out of the world's reach, and lets in the apps that bind it alone", async () => {
    const lowered = await lower({
      orders: { kind: "database" },
      shop: { ...APP, bind: { DB: "orders" } },
      other: APP,
    });
    expect(find(lowered, "orders").args).toMatchObject({
      publicly_accessible: false,
      storage_encrypted: true,
    });
    const doors = lowered.resources.filter(({ type }) => type.endsWith("_ingress_rule"));
    expect(doors.map(({ name, args }) => [name, plain(args.referenced_security_group_id)])).toEqual(
      [["shop.into.orders", "<shop.group.id>"]],
    );
    expect(find(lowered, "other").args).not.toHaveProperty("vpc_config");
  });

  it("no bucket can be opened to the world", async () => {
    const lowered = await lower({
      media: { kind: "bucket" },
      docs: { kind: "site", source: "./public" },
    });
    for (const name of ["media.access", "docs.access"]) {
      const { bucket: _, ...switches } = find(lowered, name).args;
      expect(Object.values(switches)).toEqual([true, true, true, true]);
    }
  });
});

test("what an app finds is what the runtime reads", async () => {
  const lowered = await lower({
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
  });
  const { variables } = plain(find(lowered, "shop").args.environment) as { variables: object };
  const postgres = (name: string) =>
    `postgres://app:<${name}.password.value>@<${name}.address>:5432/data?sslmode=verify-full`;
  expect(variables).toEqual({
    ORDERS: postgres("orders"),
    MEDIA: "s3://s3.dualstack.us-east-1.amazonaws.com/<media.id>?region=us-east-1",
    CACHE: `${postgres("cache")}&kv=cache`,
    JOBS: "sqs://sqs.us-east-1.amazonaws.com/<jobs.url>?region=us-east-1",
    KEY: "<key.value>",
    MAILER: "https://<mailer.api.id>.execute-api.us-east-1.amazonaws.com",
    GREETING: "hello",
    SUPERCARGO_BINDINGS: "ORDERS,MEDIA,CACHE,JOBS",
    NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem",
  });
});

describe("a host of one's own", () => {
  test("has its certificate proved and is found by records in the zone, whoever keeps that", async () => {
    const result = await compileFor(aws, {
      address: ADDRESS,
      shop: { ...APP, routes: [`\${address.domain}/*`] },
    });
    const zone = ownOf(result, "cloudflare");
    const records = zone.resources.filter(({ type }) => type === "cloudflare_dns_record");
    const option = "shop.certificate.example.com.domain_validation_options";
    expect(
      records.map(({ args }) => [plain(args.name), args.type, plain(args.content), args.proxied]),
    ).toEqual([
      [`<${option}.resource_record_name>`, "CNAME", `<${option}.resource_record_value>`, false],
      [
        "<address.domain>",
        "CNAME",
        "<shop.host.example.com.domain_name_configuration.target_domain_name>",
        false,
      ],
    ]);
    expect(zone.permissions).toEqual([{ group: "DNS Write", scope: "zone", because: ["shop"] }]);
    expect(plain(ownOf(result, "aws").outputs.shop)).toBe("https://<address.domain>");
  });

  test.each([
    ...listBadHosts(),
    [
      "a site with two",
      { docs: { kind: "site", source: "./p", routes: ["a.example.com/*", "b.example.com/*"] } },
    ] as const,
  ])("is refused for %s", async (_, resources) => {
    const errors = errorsOf(await compileFor(aws, { address: ADDRESS, ...resources }));
    expect(new Set(errors)).toEqual(new Set([errors[0]]));
    expect(["SC3010", "SC3020"]).toContain(errors[0]);
  });
});

describe("what does not go together", () => {
  test.each([
    ...listConflicts("aws"),
    [
      "days of the month and of the week",
      { shop: APP, odd: { kind: "cron", app: "shop", schedule: "0 3 1 * 1" } },
    ] as const,
    ["a variable that is Lambda's own", { shop: { ...APP, env: { AWS_REGION: "here" } } }] as const,
  ])("is refused: %s", async (_, resources) => {
    expect(errorsOf(await compileFor(aws, resources))).toEqual(["SC3010"]);
  });

  test("a database that names no engine is PostgreSQL here", async () => {
    const { model } = await compileFor(aws, { orders: { kind: "database" } });
    expect(model?.resources[0]).toMatchObject({ kind: "database", engine: "postgres" });
  });
});

test.each([
  ["0 3 * * *", "cron(0 3 * * ? *)"],
  ["*/5 0-6 1,15 JAN *", "cron(*/5 0-6 1,15 JAN ? *)"],
  ["30 4 * * 0", "cron(30 4 ? * SUN *)"],
  ["30 4 * * 1-5", "cron(30 4 ? * MON,TUE,WED,THU,FRI *)"],
  ["30 4 * * FRI,7", "cron(30 4 ? * SUN,FRI *)"],
  ["30 4 * * 1-5/2", "cron(30 4 ? * MON,WED,FRI *)"],
  ["30 4 * * */3", "cron(30 4 ? * SUN,WED,SAT *)"],
  ["30 4 1 * 1", undefined],
])("the schedule %s is %s", (schedule, expected) => {
  expect(toAwsCron(schedule)).toBe(expected);
});

test("names of the longest manifest are names at AWS", async () => {
  const long = `a${"b".repeat(62)}`;
  const lowered = await lower({
    [long]: { kind: "bucket" },
    "double--hyphen": { kind: "database" },
  });
  const prefix = String(find(lowered, long).args.bucket_prefix);
  expect(prefix).toMatch(/^[a-z0-9](?:-?[a-z0-9])*-$/);
  expect(prefix.length).toBeLessThanOrEqual(37);
  expect(find(lowered, "double--hyphen").args.identifier).toMatch(/^[a-z](?:-?[a-z0-9])*$/);
});
