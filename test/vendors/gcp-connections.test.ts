import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Lowered } from "../../src/adapters/vendors/contract.ts";
import gcp from "../../src/adapters/vendors/gcp/index.ts";
import { compileText, errorsOf } from "../compile/compile-text.ts";
import { APP, findResource, lowerFor, ownOf } from "./function-vendor.ts";
import { compileFor } from "./kind-cases.ts";
import { plainValue as plain } from "./plain-value.ts";

const STOREFRONT = join(import.meta.dirname, "../../templates/storefront/supercargo.yaml");
/** Of the 25 that the smallest server takes, some are Google's own. */
const FOR_APPS = 20;

/** The most connections that may be open to each database at once: those of all instances of all functions that hold its URL. */
function sumConnections({ resources }: Lowered): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  const urls = new Map(
    resources
      .filter(({ type }) => type === "google_secret_manager_secret_version")
      .map(({ name, args }) => [`<${name}.version>`, String(plain(args.secret_data))]),
  );
  for (const { type, args } of resources) {
    if (type !== "google_cloudfunctions2_function") continue;
    const config = plain(args.service_config) as {
      readonly max_instance_count: number;
      readonly secret_environment_variables?: readonly { readonly version: string }[];
    };
    // Variables with the same URL share one pool.
    const held = new Set(config.secret_environment_variables?.map(({ version }) => version));
    for (const version of held) {
      const [, table, connections] =
        /@<(.+)\.private_ip_address>.*[?&]connections=(\d+)/.exec(urls.get(version) ?? "") ?? [];
      if (table === undefined) continue;
      expect(Number(connections)).toBeGreaterThan(0);
      sums[table] = (sums[table] ?? 0) + config.max_instance_count * Number(connections);
    }
  }
  return sums;
}

test("the storefront's three functions share what its database takes", async () => {
  const manifest = readFileSync(STOREFRONT, "utf8");
  const result = await compileText(
    manifest.replace("\nprovider: cloudflare\n", "\nprovider: gcp\n"),
  );
  const lowered = ownOf(result, "gcp");
  const functions = lowered.resources.filter(({ type }) => type.endsWith("2_function"));
  expect(functions).toHaveLength(3);
  // 2 instances with 3 connections each.
  expect(sumConnections(lowered)).toEqual({ orders: 18 });
});

test("no apps can open more connections to a database than it takes, nor is one without any", async () => {
  const app = fc.record({
    tables: fc.subarray(["db0", "db1", "cache"]),
    doubled: fc.boolean(),
    consumes: fc.boolean(),
    crons: fc.integer({ min: 0, max: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(app, { minLength: 1, maxLength: 8 }), async (apps) => {
      const entries = apps.map(({ tables, doubled, consumes, crons }, i) => {
        const bind = Object.fromEntries(
          tables.flatMap((table, j) => [[`T${j}`, table], ...(doubled ? [[`U${j}`, table]] : [])]),
        );
        const own = [
          [`app${i}`, { ...APP, bind, ...(consumes && { consumes: [`jobs${i}`] }) }],
          ...(consumes ? [[`jobs${i}`, { kind: "queue" }]] : []),
          ...Array.from({ length: crons }, (_, j) => [
            `cron${i}-${j}`,
            { kind: "cron", app: `app${i}`, schedule: "0 3 * * *" },
          ]),
        ];
        const functions = 1 + (consumes ? 1 : 0) + (crons > 0 ? 1 : 0);
        return { own, tables, functions };
      });
      const functionsOf = (table: string) =>
        entries.reduce(
          (sum, one) => sum + (one.tables.includes(table as "db0") ? one.functions : 0),
          0,
        );
      const tables = ["db0", "db1", "cache"];
      const result = await compileFor(gcp, {
        db0: { kind: "database" },
        db1: { kind: "database" },
        cache: { kind: "kv" },
        ...Object.fromEntries(entries.flatMap(({ own }) => own)),
      });
      const crowded = tables.filter((table) => functionsOf(table) > FOR_APPS);
      expect(errorsOf(result)).toEqual(crowded.map(() => "SC3010"));
      if (crowded.length > 0) return;
      const sums = sumConnections(ownOf(result, "gcp"));
      expect(Object.keys(sums).sort()).toEqual(
        tables.filter((table) => functionsOf(table) > 0).sort(),
      );
      for (const sum of Object.values(sums)) expect(sum).toBeLessThanOrEqual(FOR_APPS);
    }),
    { numRuns: 40 },
  );
});

test("a database with more functions than connections is refused, and says how many they are", async () => {
  const apps = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`app${i}`, { ...APP, bind: { DB: "orders" } }]),
    );
  const orders = { kind: "database" };
  const lowered = await lowerFor(gcp, { orders, ...apps(FOR_APPS) });
  expect(sumConnections(lowered)).toEqual({ orders: FOR_APPS });
  expect(plain(findResource(lowered, "app0").args.service_config)).toMatchObject({
    max_instance_count: 1,
  });
  const { diagnostics } = await compileFor(gcp, { orders, ...apps(FOR_APPS + 1) });
  expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
    ["SC3010", expect.stringContaining("fewer than the 21 functions that use it")],
  ]);
});
