import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PREVIEWED_PLUGINS, type PreviewedPackage } from "../../src/deploy/engine.ts";
import { npmPackage } from "../../src/deploy/stand-in-plugin/npm-package.ts";
import { createPreviewingStandIn } from "../../src/deploy/stand-in-plugin/previewing-stand-in.ts";

const standIn = createPreviewingStandIn("aws", "7.48.0");
const QUEUE = "aws:sqs/queue:Queue";

describe("the stand-in for a plugin that nothing here plays", () => {
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

  it("reads what may be left undefined, too, and modules of any depth", () => {
    const google = createPreviewingStandIn("gcp", "9.37.0");
    const member = "gcp:storage/bucketIAMMember:BucketIAMMember";
    const right = { bucket: "b", role: "roles/storage.objectUser", member: "allUsers" };
    expect(google.check(member, right)).toEqual([]);
    expect(google.check(member, { ...right, condition: {}, role: undefined })).toEqual([
      { property: "role", reason: "is required" },
    ]);
    expect(google.check("gcp:storage/bucket:Bucket", { location: "us", name: 1 })).toEqual([
      { property: "name", reason: "is not a string" },
    ]);
  });

  it("knows Azure's, too", () => {
    const azure = createPreviewingStandIn("azure", "6.40.0");
    const container = "azure:storage/container:Container";
    expect(azure.check(container, { name: "objects", storageAccountId: undefined })).toEqual([]);
    expect(azure.check(container, { name: 1, acces: "private" })).toEqual([
      { property: "acces", reason: "there is no such argument" },
      { property: "name", reason: "is not a string" },
    ]);
    expect(azure.check("azure:appservice/servicePlan:ServicePlan", { name: "a" })).toEqual([
      { property: "osType", reason: "is required" },
      { property: "resourceGroupName", reason: "is required" },
      { property: "skuName", reason: "is required" },
    ]);
  });

  it("says what differs, and makes no guess at what the real plugin would replace", () => {
    expect(standIn.diff(QUEUE, { name: "a" }, { name: "a" })).toEqual({
      changed: [],
      replaces: [],
    });
    const found = standIn.diff(QUEUE, { name: "a" }, { name: "b", delaySeconds: 1 });
    expect(found).toEqual({ changed: ["delaySeconds", "name"], replaces: [] });
  });

  describe.each(Object.entries(PREVIEWED_PLUGINS))("%s", (name, version) => {
    it("creates, changes, reads and removes nothing, and says what does", async () => {
      const played = createPreviewingStandIn(name as PreviewedPackage, version);
      const operations = played.configure({ region: "us-east-1" });
      const attempts = [
        operations?.create(QUEUE, {}, false),
        operations?.read(QUEUE, "id", {}, {}),
        operations?.update(QUEUE, "id", {}),
        operations?.remove(QUEUE, "id", {}),
      ];
      const command = `pulumi plugin install resource ${name} v${version}`;
      for (const attempt of attempts) await expect(attempt).rejects.toThrow(command);
    });

    it("is of the version that our stacks ask for", () => {
      const file = join(import.meta.dirname, "../../package.json");
      const { dependencies } = JSON.parse(readFileSync(file, "utf8")) as {
        readonly dependencies: Readonly<Record<string, string>>;
      };
      expect(version).toBe(dependencies[npmPackage(name)]);
    });
  });
});
