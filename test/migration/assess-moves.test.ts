import { describe, expect, test } from "vitest";
import container from "../../src/adapters/vendors/container/index.ts";
import type { Vendor } from "../../src/adapters/vendors/contract.ts";
import { findVendor } from "../../src/adapters/vendors/find-vendor.ts";
import { VENDORS } from "../../src/adapters/vendors/registry.ts";
import type { Model } from "../../src/compiler/2-model/model.ts";
import { assessMoves, type MoveAssessment } from "../../src/migration/assess-moves.ts";
import { compileText, manifestWith } from "../compile/compile-text.ts";

const APP = { kind: "app", source: "./app" };

/** A vendor that came yesterday: containers with buckets of another kind, no databases and no queues. */
const newcomer: Vendor = {
  ...container,
  id: "newcomer",
  title: "Newcomer",
  kinds: new Set(["app", "bucket", "kv"]),
  semantics: {
    ...container.semantics,
    bucket: () => ({ interface: "FTP", copies: "one tape", delivery: "by post" }),
  },
  refuse: (node) =>
    node.name === "cursed" ? { reason: "it is cursed", remedy: "lift it" } : undefined,
  findConflicts: () => [],
};

async function modelOf(
  resources: Readonly<Record<string, object>>,
  provider = "cloudflare",
): Promise<Model> {
  const manifest = { ...(JSON.parse(manifestWith(resources)) as object), provider };
  const { model, diagnostics } = await compileText(JSON.stringify(manifest), {
    artifacts: undefined,
  });
  if (model === undefined) throw new Error(JSON.stringify(diagnostics, null, 1));
  return model;
}

function assess(
  model: Model,
  to: string,
  standIns: readonly Vendor[] = [],
): Readonly<Record<string, MoveAssessment>> {
  const all = [...VENDORS, newcomer];
  const find = (id: string) => all.find((one) => one.id === id) ?? findVendor(id);
  const way = assessMoves(model, all, find, standIns).find(({ vendor }) => vendor.id === to);
  return Object.fromEntries((way?.moves ?? []).map((move) => [move.resource, move]));
}

describe("a move", () => {
  test("loses or changes what the two vendors do not say in the same words", async () => {
    const moves = assess(
      await modelOf({ cache: { kind: "kv" }, key: { kind: "secret" } }),
      "container",
    );
    expect(moves.cache).toMatchObject({
      verdict: "with-changes",
      changes: expect.arrayContaining([
        {
          aspect: "consistency",
          here: expect.stringMatching(/^eventual/),
          there: expect.stringMatching(/^strong/),
        },
      ]),
    });
    expect(moves.key).toEqual({ resource: "key", verdict: "as-it-is", changes: [] });
  });

  test("leaves domain, records and services where they are", async () => {
    const moves = assess(
      await modelOf({
        address: { kind: "domain", domain: "example.com", maxPrice: "12 USD" },
        www: { kind: "dns", zone: "address", name: "www", type: "A", content: "192.0.2.1" },
        search: { kind: "service", service: "upstash/redis" },
        cache: { kind: "kv" },
      }),
      "container",
    );
    for (const name of ["address", "www", "search"])
      expect(moves[name], name).toMatchObject({ verdict: "stays", changes: [] });
    expect(moves.address?.because).toContain("never transferred");
  });

  test("stays for what the vendor refuses, and for what cannot follow it", async () => {
    const resources = {
      orders: { kind: "database", engine: "postgres" },
      files: { kind: "bucket" },
      shop: { ...APP, bind: { ORDERS: "orders", FILES: "files" } },
      other: { ...APP, bind: { FILES: "files" } },
    };
    const moves = assess(await modelOf(resources, "container"), "cloudflare");
    expect(moves.orders?.because).toContain("SQLite only");
    expect(moves.shop?.because).toContain("only bind resources of its own provider");
    expect(moves.files?.verdict).toBe("with-changes");
    expect(moves.other?.verdict).toBe("with-changes");
  });

  test("takes its apps with it where another vendor serves in the place of the one that does not", async () => {
    const resources = { visits: { kind: "kv" }, shop: { ...APP, bind: { VISITS: "visits" } } };
    const model = await modelOf(resources);
    const alone = assess(model, "vercel");
    expect(alone.visits?.because).toBe("Vercel does not serve the kind");
    expect(alone.shop?.because).toContain("only bind resources of its own provider");
    const together = assess(model, "vercel", VENDORS);
    expect(together.visits).toMatchObject({ verdict: "with-changes", at: "neon" });
    expect(together.shop).toMatchObject({ verdict: "with-changes" });
    expect(together.shop).not.toHaveProperty("at");
  });

  test("leaves at its place what is a service already, and what binds it goes", async () => {
    const orders = { kind: "database", provider: "neon" };
    const model = await modelOf({ orders, shop: { ...APP, bind: { DB: "orders" } } }, "container");
    const moves = assess(model, "vercel", VENDORS);
    expect(moves.orders?.verdict).toBe("stays");
    expect(moves.shop?.verdict).toBe("with-changes");
  });

  test("goes to a vendor that was added without a word about it anywhere else", async () => {
    const resources = {
      files: { kind: "bucket" },
      cursed: { kind: "bucket" },
      notes: { kind: "database", engine: "sqlite" },
    };
    const moves = assess(await modelOf(resources, "container"), "newcomer");
    expect(moves.files?.changes.map(({ aspect, there }) => `${aspect}: ${there}`)).toEqual([
      "interface: FTP",
      "copies: one tape",
      "delivery: by post",
    ]);
    expect(moves.cursed).toMatchObject({ verdict: "stays", because: "it is cursed" });
    expect(moves.notes?.because).toBe("Newcomer does not serve the kind");
  });

  test("is not offered to where everything is", async () => {
    expect(assess(await modelOf({ cache: { kind: "kv" } }), "cloudflare")).toEqual({});
  });
});
