import { describe, expect, it } from "vitest";
import aws from "../../src/adapters/vendors/aws/index.ts";
import type { Vendor } from "../../src/adapters/vendors/contract.ts";
import gcp from "../../src/adapters/vendors/gcp/index.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { buildReview } from "../../src/review/build-review.ts";
import { checkRemovals } from "../../src/review/check-removals.ts";
import type { EngineOp, EngineStep } from "../../src/review/engine-step.ts";
import { schemaTypeOf } from "../../src/review/schema-type-of.ts";
import { compileFor } from "../vendors/kind-cases.ts";

const APP = { kind: "app", source: "./app" };

interface Case {
  readonly vendor: Vendor;
  /** Types as Pulumi names them. */
  readonly data: Readonly<Record<string, string>>;
  readonly parts: Readonly<Record<string, string>>;
}

const CASES: readonly Case[] = [
  {
    vendor: aws,
    data: {
      old: "aws:s3/bucket:Bucket",
      orders: "aws:rds/instance:Instance",
      jobs: "aws:sqs/queue:Queue",
      "jobs.dead": "aws:sqs/queue:Queue",
    },
    parts: {
      "shop.rights": "aws:iam/rolePolicy:RolePolicy",
      "shop.log": "aws:cloudwatch/logGroup:LogGroup",
      shop: "aws:lambda/function:Function",
    },
  },
  {
    vendor: gcp,
    data: {
      old: "gcp:storage/bucket:Bucket",
      orders: "gcp:sql/databaseInstance:DatabaseInstance",
      "orders.data": "gcp:sql/database:Database",
      jobs: "gcp:pubsub/topic:Topic",
      "jobs.dead-letters": "gcp:pubsub/subscription:Subscription",
      "shop.subscription-jobs": "gcp:pubsub/subscription:Subscription",
    },
    parts: {
      "shop.visitors": "gcp:cloudrunv2/serviceIamMember:ServiceIamMember",
      "shop.secret-orders": "gcp:secretmanager/secret:Secret",
      shop: "gcp:cloudfunctionsv2/function:Function",
    },
  },
];

describe.each(CASES)("what an agent's plan removes at $vendor.title", ({ vendor, data, parts }) => {
  const types: Readonly<Record<string, string>> = { ...data, ...parts };
  const step = (op: EngineOp, name: string): EngineStep => {
    const type = types[name] ?? "";
    return { op, name, type, urn: `urn:pulumi:local::acme::${type}::${name}`, changedKeys: [] };
  };
  const compiled = async () => {
    const { model, lowered, policy } = await compileFor(vendor, {
      orders: { kind: "database" },
      jobs: { kind: "queue" },
      shop: { ...APP, bind: { DB: "orders" }, consumes: ["jobs"] },
    });
    if (!model || !lowered || !policy) throw new Error("it does not compile");
    return { model, lowered, policy };
  };
  const codes = async (...steps: readonly EngineStep[]): Promise<readonly string[]> => {
    const found: Diagnostic[] = [];
    checkRemovals(
      {
        ...(await compiled()),
        ...{ steps, subject: "agent:build-bot", manifest: "supercargo.yaml" },
      },
      { report: (diagnostic) => void found.push(diagnostic) },
    );
    return found.map(({ code }) => code);
  };

  it.each(Object.keys(data))("it may not delete %s", async (name) => {
    expect(await codes(step("delete", name))).toEqual(["SC4017"]);
    expect(await codes(step("replace", name))).toEqual(["SC4017"]);
  });

  it.each(Object.keys(parts).slice(0, 2))("it may change %s, part of an app", async (name) => {
    expect(await codes(step("replace", name))).toEqual([]);
  });

  it("what holds data is lost in the review, and what is made anew is not", async () => {
    const steps = [
      step("delete", "old"),
      ...Object.keys(parts).map((name) => step("replace", name)),
    ];
    const { irreversible } = buildReview({ ...(await compiled()), files: [], steps });
    expect(irreversible.map(({ act }) => act)).toEqual([`deletes old (${types.old})`]);
  });
});

it.each([
  ["aws:rds/instance:Instance", "aws_db_instance"],
  ["aws:s3/bucketObjectv2:BucketObjectv2", "aws_s3_object"],
  ["aws:scheduler/schedule:Schedule", "aws_scheduler_schedule"],
  ["gcp:storage/bucketIAMMember:BucketIAMMember", "google_storage_bucket_iam_member"],
  ["gcp:cloudfunctionsv2/function:Function", "google_cloudfunctions2_function"],
  ["cloudflare:index/r2Bucket:R2Bucket", "cloudflare_r2_bucket"],
])("%s is %s in the provider's schema", (type, expected) => {
  expect(schemaTypeOf(type)).toBe(expected);
});
