import { describe, expect, test } from "vitest";
import type { Vendor } from "../../src/adapters/vendors/contract.ts";
import { findVendor } from "../../src/adapters/vendors/find-vendor.ts";
import { VENDORS } from "../../src/adapters/vendors/registry.ts";
import type { Model } from "../../src/compiler/2-model/model.ts";
import { lowerModel } from "../../src/compiler/lower-model.ts";
import { compileText, errorsOf, manifestWith } from "../compile/compile-text.ts";
import { ADDRESS, APP } from "./function-vendor.ts";

type Resources = Readonly<Record<string, object>>;

/** Vendors that run apps. */
const IDS = VENDORS.filter(({ kinds }) => kinds.has("app")).map(({ id }) => id);

/** A service outside of all vendors, whose provider is called like a resource may be. */
const SERVICE = { kind: "service", service: "neon/postgres" };

/** What an app can bind at a vendor. */
function listBindable(provider: string): readonly (readonly [string, object])[] {
  const media = ["media", { kind: "bucket" }] as const;
  const jobs = ["jobs", { kind: "queue" }] as const;
  const seen = ["seen", { kind: "kv" }] as const;
  if (provider === "netlify")
    return [media, seen, jobs, ["data", { kind: "database", provider: "neon" }]];
  if (provider === "vercel")
    return [
      media,
      jobs,
      ["data", { kind: "database", provider: "neon" }],
      ["seen", { kind: "kv", provider: "neon" }],
    ];
  const engine = provider === "cloudflare" ? "sqlite" : "postgres";
  return [media, ["data", { kind: "database", engine }], seen, jobs];
}

/** Everything that a vendor makes a name of, with `name` in the place of one of them. */
function everythingAt(provider: string, name: string, as: string): Resources {
  const called = (role: string): string => (role === as ? name : `${provider}-${role}`);
  const own = listBindable(provider);
  const bind = {
    ...Object.fromEntries(own.map(([role]) => [role.toUpperCase(), called(role)])),
    KEY: `${provider}-key`,
    LEDGER: "ledger",
  };
  const consumes = own.flatMap(([role]) => (role === "jobs" ? [called(role)] : []));
  return {
    ...Object.fromEntries(own.map(([role, one]) => [called(role), { provider, ...one }])),
    [`${provider}-key`]: { kind: "secret", provider },
    [called("app")]: {
      ...APP,
      ...{ provider, bind },
      routes: [`${provider}.\${address.domain}/*`],
      ...(consumes.length > 0 && { consumes }),
    },
    [`${provider}-plain`]: { ...APP, provider },
    [called("site")]: {
      kind: "site",
      source: "./public",
      provider,
      routes: [`${provider}-site.\${address.domain}/*`],
    },
    [called("cron")]: { kind: "cron", provider, app: called("app"), schedule: "0 3 * * *" },
  };
}

async function readModel(at: readonly Resources[]): Promise<Model> {
  const resources = Object.assign({ address: ADDRESS, ledger: SERVICE }, ...at) as Resources;
  const result = await compileText(manifestWith(resources), { artifacts: undefined });
  if (result.model === undefined || result.lowered === undefined)
    throw new Error(JSON.stringify(result.diagnostics, null, 1));
  expect(errorsOf(result).filter((code) => code.startsWith("SC3"))).toEqual([]);
  return result.model;
}

describe("names of lowered resources", () => {
  test("have no part that is both a vendor's own and a manifest resource's", async () => {
    const model = await readModel(IDS.map((id) => everythingAt(id, "", "")));
    const all = lowerModel(model, findVendor, { report: () => undefined }) ?? [];
    const resources = all.flatMap((one) => one.resources);
    const partsOf = (isShared: boolean): ReadonlySet<string> =>
      new Set(
        resources
          .filter(({ origin }) => (origin === undefined) === isShared)
          .map(({ name }) => name.split(".").slice(1).join(".")),
      );
    expect([...partsOf(true)].filter((part) => partsOf(false).has(part))).toEqual([]);
  });

  const ROLES = ["app", "site", "data", "media", "seen", "jobs", "cron"];
  test.each([...IDS, "neon"])("are unique where a resource is called %s", async (name) => {
    for (const where of IDS)
      for (const role of ROLES)
        await readModel(IDS.map((id) => everythingAt(id, name, id === where ? role : "")));
  });

  test("are unique where what an app binds is called like what a vendor has for all", async () => {
    const names = ["manager-api", "secret-manager", "api-secret-manager", "account", "code-bucket"];
    for (const provider of IDS)
      for (const name of names)
        await readModel([
          {
            [name]: { kind: "secret" },
            [provider]: { ...APP, provider, bind: { KEY: name } },
          },
        ]);
  });

  test("are a bug where they are not", async () => {
    const model = await readModel([{ shop: { ...APP, provider: "gcp" } }]);
    const twice = (id: string): Vendor => {
      const vendor = findVendor(id);
      return {
        ...vendor,
        lower(...input) {
          const lowered = vendor.lower(...input);
          return { ...lowered, resources: [...lowered.resources, ...lowered.resources] };
        },
      };
    };
    expect(() => lowerModel(model, twice, { report: () => undefined })).toThrow(/ is called /);
  });
});
