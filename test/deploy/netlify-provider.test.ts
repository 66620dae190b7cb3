import { describe, expect, it } from "vitest";
import { createNetlifyProvider } from "../../src/deploy/stand-in-plugin/netlify/netlify-provider.ts";

const provider = createNetlifyProvider("0.1.0", {});
const DEPLOY = "netlify:index/deploy:Deploy";
const SITE = "netlify:index/site:Site";

describe("Netlify's provider", () => {
  it("knows from the classes what exists, what is required and what is text", () => {
    const deploy = { siteId: "a", directory: "build/shop", sha256: "0", environment: { A: "b" } };
    expect(provider.check(DEPLOY, deploy)).toEqual([]);
    expect(provider.check(DEPLOY, { directory: 1, sha256: "0", enviroment: {} })).toEqual([
      { property: "enviroment", reason: "there is no such argument" },
      { property: "siteId", reason: "is required" },
      { property: "directory", reason: "is not a string" },
    ]);
    const settings = { processingSettings: { html: { prettyUrls: true } } };
    expect(provider.check(SITE, { name: "shop", domainAliases: ["a.b"], ...settings })).toEqual([]);
    expect(provider.check("netlify:index/blobStore:BlobStore", {})).toHaveLength(2);
    expect(() => provider.check("netlify:index/form:Form", {})).toThrow("has no netlify:");
  });

  it("makes a new deploy of every change, and changes a site in place", () => {
    const replaced = provider.diff(DEPLOY, { sha256: "a" }, { sha256: "b" });
    expect(replaced).toEqual({ changed: ["sha256"], replaces: ["sha256"] });
    const changed = provider.diff(SITE, { name: "a" }, { name: "a", customDomain: "b.example" });
    expect(changed).toEqual({ changed: ["customDomain"], replaces: [] });
  });

  it("does nothing without a token, and sends none in clear over a network", () => {
    expect(provider.configure({})).toBeUndefined();
    const at = (url: string) =>
      createNetlifyProvider("0.1.0", { NETLIFY_AUTH_TOKEN: "canary", NETLIFY_API_URL: url });
    expect(at("http://127.0.0.1:1/api/v1").configure({})).toBeDefined();
    expect(at("https://api.example/api/v1").configure({})).toBeDefined();
    for (const url of ["http://api.example/api/v1", "http://127.0.0.1.example/", "ftp://localhost"])
      expect(() => at(url).configure({})).toThrow(/^NETLIFY_API_URL is not https/);
  });
});
