import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { VENDORS } from "../../src/adapters/vendors/registry.ts";
import { compileText, errorsOf } from "../compile/compile-text.ts";

const TEMPLATE = join(import.meta.dirname, "../../templates/storefront");
const manifest = readFileSync(join(TEMPLATE, "supercargo.yaml"), "utf8");
const text = readFileSync(join(TEMPLATE, "guardrails.yaml"), "utf8");

/** Vendors that lack what the storefront is made of. */
const LACKING: ReadonlySet<string> = new Set(["vercel"]);
const SERVING = VENDORS.map(({ id }) => id).filter((id) => !LACKING.has(id));

describe("the storefront", () => {
  it.each(SERVING)("compiles for %s by changing one word", async (id) => {
    const changed = manifest.replace("\nprovider: cloudflare\n", `\nprovider: ${id}\n`);
    const result = await compileText(changed, { guardrails: { path: "guardrails.yaml", text } });
    expect(errorsOf(result)).toEqual([]);
    const { model } = result;
    expect(model?.resources.find(({ name }) => name === "shop")?.provider).toBe(id);
    expect(result.files?.has("index.ts")).toBe(true);
  });

  it("is refused at Vercel, which has no database of its own, with who has one", async () => {
    const changed = manifest.replace("\nprovider: cloudflare\n", "\nprovider: vercel\n");
    const { diagnostics } = await compileText(changed, {
      guardrails: { path: "guardrails.yaml", text },
    });
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    expect(errors.map(({ code, message, remedy }) => `${code} ${message}: ${remedy}`)).toEqual([
      expect.stringMatching(/^SC3010 .*`orders`.*neon\/postgres.*cloudflare or container$/),
    ]);
  });

  it("goes nowhere that its guardrails do not allow", async () => {
    const narrow = text.replace("[cloudflare, container, aws, azure, gcp]", "[cloudflare]");
    const changed = manifest.replace("\nprovider: cloudflare\n", "\nprovider: container\n");
    const result = await compileText(changed, {
      guardrails: { path: "guardrails.yaml", text: narrow },
    });
    expect(new Set(errorsOf(result))).toEqual(new Set(["SC4001"]));
  });
});
