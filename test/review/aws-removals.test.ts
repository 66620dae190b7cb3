import { describe, expect, it } from "vitest";
import aws from "../../src/adapters/vendors/aws/index.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { buildReview } from "../../src/review/build-review.ts";
import { checkRemovals } from "../../src/review/check-removals.ts";
import type { EngineOp, EngineStep } from "../../src/review/engine-step.ts";
import { schemaTypeOf } from "../../src/review/schema-type-of.ts";
import { compileFor } from "../vendors/kind-cases.ts";

const APP = { kind: "app", source: "./app" };

/** Types as Pulumi names them. */
const TYPES = {
  old: "aws:s3/bucket:Bucket",
  orders: "aws:rds/instance:Instance",
  jobs: "aws:sqs/queue:Queue",
  "jobs.dead": "aws:sqs/queue:Queue",
  "shop.rights": "aws:iam/rolePolicy:RolePolicy",
  "shop.log": "aws:cloudwatch/logGroup:LogGroup",
  shop: "aws:lambda/function:Function",
} as const;
type Name = keyof typeof TYPES;

function step(op: EngineOp, name: Name): EngineStep {
  const type = TYPES[name];
  return { op, name, type, urn: `urn:pulumi:local::acme::${type}::${name}`, changedKeys: [] };
}

async function compiled() {
  const { model, lowered, policy } = await compileFor(aws, {
    orders: { kind: "database" },
    jobs: { kind: "queue" },
    shop: { ...APP, bind: { DB: "orders" }, consumes: ["jobs"] },
  });
  if (!model || !lowered || !policy) throw new Error("it does not compile");
  return { model, lowered, policy };
}

async function codes(...steps: readonly EngineStep[]): Promise<readonly string[]> {
  const found: Diagnostic[] = [];
  checkRemovals(
    {
      ...(await compiled()),
      ...{ steps, subject: "agent:build-bot", manifest: "supercargo.yaml" },
    },
    { report: (diagnostic) => void found.push(diagnostic) },
  );
  return found.map(({ code }) => code);
}

describe("what an agent's plan removes at AWS", () => {
  it.each<Name>(["old", "orders", "jobs", "jobs.dead"])("it may not delete %s", async (name) => {
    expect(await codes(step("delete", name))).toEqual(["SC4017"]);
    expect(await codes(step("replace", name))).toEqual(["SC4017"]);
  });

  it.each<Name>(["shop.rights", "shop.log"])("it may change %s, part of an app", async (name) => {
    expect(await codes(step("replace", name))).toEqual([]);
  });

  it("what holds data is lost in the review, and a role is not", async () => {
    const steps = [step("delete", "old"), step("replace", "shop.rights"), step("replace", "shop")];
    const { irreversible } = buildReview({ ...(await compiled()), files: [], steps });
    expect(irreversible.map(({ act }) => act)).toEqual(["deletes old (aws:s3/bucket:Bucket)"]);
  });
});

it.each([
  ["aws:rds/instance:Instance", "aws_db_instance"],
  ["aws:s3/bucketObjectv2:BucketObjectv2", "aws_s3_object"],
  ["aws:scheduler/schedule:Schedule", "aws_scheduler_schedule"],
  ["cloudflare:index/r2Bucket:R2Bucket", "cloudflare_r2_bucket"],
])("%s is %s in the provider's schema", (type, expected) => {
  expect(schemaTypeOf(type)).toBe(expected);
});
