import { describe, expect, it } from "vitest";
import { createPreviewingStandIn } from "../../src/deploy/stand-in-plugin/previewing-stand-in.ts";

const standIn = createPreviewingStandIn("vercel", "5.4.1");
const DEPLOYMENT = "vercel:index/deployment:Deployment";

describe("the stand-in for Vercel's plugin", () => {
  it("knows from the package's own types what exists, what is required and what is text", () => {
    const files = { "build/shop/.vercel/output/config.json": "12~da39a3ee" };
    expect(standIn.check(DEPLOYMENT, { projectId: "prj_a", production: true, files })).toEqual([]);
    expect(standIn.check(DEPLOYMENT, { production: "yes", fiels: files })).toEqual([
      { property: "fiels", reason: "there is no such argument" },
      { property: "projectId", reason: "is required" },
      { property: "production", reason: "is not a boolean" },
    ]);
  });

  it("creates nothing, and says what does", async () => {
    const operations = standIn.configure({});
    await expect(operations?.create(DEPLOYMENT, {}, false)).rejects.toThrow(
      "pulumi plugin install resource vercel v5.4.1 --server github://api.github.com/pulumiverse",
    );
  });
});
