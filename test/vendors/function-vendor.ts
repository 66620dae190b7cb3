import type { Lowered, LoweredResource, Vendor } from "../../src/adapters/vendors/contract.ts";
import type { CompileResult } from "../../src/compiler/compile.ts";
import { compileFor } from "./kind-cases.ts";

type Resources = Readonly<Record<string, object>>;

export const APP = { kind: "app", source: "./app" };
export const ADDRESS = { kind: "domain", domain: "example.com", maxPrice: "12 USD" };

/** What a provider made of a manifest. */
export function ownOf(result: CompileResult, provider: string): Lowered {
  const own = result.lowered?.find((one) => one.provider === provider);
  if (own === undefined) throw new Error(JSON.stringify(result.diagnostics, null, 1));
  return own;
}

/** What a vendor makes of resources that are all placed on it. */
export async function lowerFor(vendor: Vendor, resources: Resources): Promise<Lowered> {
  return ownOf(await compileFor(vendor, resources), vendor.id);
}

export function findResource({ resources }: Lowered, name: string): LoweredResource {
  const found = resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`no ${name} in ${resources.map((r) => r.name)}`);
  return found;
}

/** Manifests that no vendor of functions takes because of what does not go together, at the vendor `id`. */
export function listConflicts(id: string): readonly (readonly [string, Resources])[] {
  return [
    [
      "an app and a bucket elsewhere",
      {
        media: { kind: "bucket", provider: "cloudflare" },
        shop: { ...APP, bind: { MEDIA: "media" } },
      },
    ],
    [
      "a schedule and an app elsewhere",
      {
        shop: { ...APP, provider: "cloudflare" },
        nightly: { kind: "cron", app: "shop", schedule: "0 3 * * *", provider: id },
      },
    ],
    ["SQLite and functions", { notes: { kind: "database", engine: "sqlite" } }],
  ];
}

/** Routes that lead to no host of one's own, beside the domain `address`. */
export function listBadHosts(): readonly (readonly [string, Resources])[] {
  const shop = { ...APP, routes: [`\${address.domain}/*`] };
  return [
    ["some of its paths", { shop: { ...APP, routes: [`\${address.domain}/api/*`] } }],
    ["a host outside of the manifest", { shop: { ...APP, routes: ["example.net/*"] } }],
    ["two apps", { shop, other: { ...APP, routes: ["example.com/*"] } }],
    [
      "a record of the same name",
      {
        shop: { ...APP, routes: [`www.\${address.domain}/*`] },
        www: { kind: "dns", zone: "address", name: "www", type: "A", content: "192.0.2.1" },
      },
    ],
  ];
}
