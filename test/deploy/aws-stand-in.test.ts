import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AWS_PLUGIN_VERSION } from "../../src/deploy/engine.ts";
import { createAwsStandIn } from "../../src/deploy/stand-in-plugin/aws-stand-in.ts";

const standIn = createAwsStandIn("7.48.0");
const QUEUE = "aws:sqs/queue:Queue";

describe("the stand-in for AWS's plugin", () => {
  it("knows from the package's own types what exists, what is required and what is text", () => {
    const route = "aws:apigatewayv2/route:Route";
    expect(standIn.check(route, { apiId: "a", routeKey: "$default" })).toEqual([]);
    expect(standIn.check(route, { apiId: 1, tagret: "x" })).toEqual([
      { property: "tagret", reason: "there is no such argument" },
      { property: "routeKey", reason: "is required" },
      { property: "apiId", reason: "is not a string" },
    ]);
    const fn = { role: "arn", runtime: "nodejs24.x", tags: { a: "b" }, timeout: 30 };
    expect(standIn.check("aws:lambda/function:Function", fn)).toEqual([]);
  });

  it("says what differs, and makes no guess at what the real plugin would replace", () => {
    expect(standIn.diff(QUEUE, { name: "a" }, { name: "a" })).toEqual({
      changed: [],
      replaces: [],
    });
    const found = standIn.diff(QUEUE, { name: "a" }, { name: "b", delaySeconds: 1 });
    expect(found).toEqual({ changed: ["delaySeconds", "name"], replaces: [] });
  });

  it("creates, changes, reads and removes nothing, and says what does", async () => {
    const operations = standIn.configure({ region: "us-east-1" });
    const attempts = [
      operations?.create(QUEUE, {}, false),
      operations?.read(QUEUE, "id", {}, {}),
      operations?.update(QUEUE, "id", {}),
      operations?.remove(QUEUE, "id", {}),
    ];
    for (const attempt of attempts)
      await expect(attempt).rejects.toThrow("pulumi plugin install resource aws v7.48.0");
  });

  it("is of the version that our stacks ask for", () => {
    const file = join(import.meta.dirname, "../../package.json");
    const { dependencies } = JSON.parse(readFileSync(file, "utf8")) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    expect(AWS_PLUGIN_VERSION).toBe(dependencies["@pulumi/aws"]);
  });
});
