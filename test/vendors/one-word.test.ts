import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { VENDORS } from "../../src/adapters/vendors/registry.ts";
import { compileText, errorsOf } from "../compile/compile-text.ts";
import { findTypeErrors } from "../support/find-type-errors.ts";

const TEMPLATE = join(import.meta.dirname, "../../templates/storefront");
const manifest = readFileSync(join(TEMPLATE, "supercargo.yaml"), "utf8");
const text = readFileSync(join(TEMPLATE, "guardrails.yaml"), "utf8");

/** Vendors that run apps. */
const HOSTS = VENDORS.filter(({ kinds }) => kinds.has("app")).map(({ id }) => id);

describe("the storefront", () => {
  it.each(HOSTS)("compiles for %s by changing one word", async (id) => {
    const changed = manifest.replace("\nprovider: cloudflare\n", `\nprovider: ${id}\n`);
    const result = await compileText(changed, { guardrails: { path: "guardrails.yaml", text } });
    expect(errorsOf(result)).toEqual([]);
    const { model } = result;
    expect(model?.resources.find(({ name }) => name === "shop")?.provider).toBe(id);
    expect(result.files?.has("index.ts")).toBe(true);
  });

  it("has its database and a kv at Neon where Vercel has its app", async () => {
    const changed = manifest
      .replace("\nprovider: cloudflare\n", "\nprovider: vercel\n")
      .replace("\n  receipts:\n", "\n  visits:\n    kind: kv\n\n  receipts:\n")
      .replace("      RECEIPTS: receipts\n", "      RECEIPTS: receipts\n      VISITS: visits\n");
    const guardrails = { path: "guardrails.yaml", text };
    const result = await compileText(changed, { guardrails });
    expect(errorsOf(result)).toEqual([]);
    const places = Object.fromEntries(
      (result.model?.resources ?? []).map(({ name, provider }) => [name, provider]),
    );
    expect(places).toMatchObject({
      shop: "vercel",
      media: "vercel",
      receipts: "vercel",
      orders: "neon",
      visits: "neon",
    });
    const notes = result.diagnostics.filter(({ code }) => code === "SC4021");
    for (const name of ["orders", "visits"])
      expect(notes.map(({ message }) => message).join("\n")).toMatch(
        new RegExp(`\`${name}\`.*\`neon\``),
      );
    const index = new TextDecoder().decode(result.files?.get("index.ts"));
    expect(index).toContain('"SUPERCARGO_BINDINGS": "DB,MEDIA,RECEIPTS,VISITS?kv=visits"');
    expect(findTypeErrors([index])).toEqual([]);
  }, 120_000);

  it("goes nowhere that its guardrails do not allow", async () => {
    const narrow = text.replace(
      "[cloudflare, container, aws, azure, gcp, vercel, netlify, neon]",
      "[cloudflare]",
    );
    const changed = manifest.replace("\nprovider: cloudflare\n", "\nprovider: container\n");
    const result = await compileText(changed, {
      guardrails: { path: "guardrails.yaml", text: narrow },
    });
    expect(new Set(errorsOf(result))).toEqual(new Set(["SC4001"]));
  });
});
