import type { Vendor } from "../../src/adapters/vendors/contract.ts";
import { createProtocolVendor } from "../../src/adapters/vendors/create-protocol-vendor.ts";
import { VENDORS } from "../../src/adapters/vendors/registry.ts";
import type { CompileResult } from "../../src/compiler/compile.ts";
import { compileText, manifestWith } from "../compile/compile-text.ts";

type Resources = Readonly<Record<string, object>>;

/** Each portable kind, and the engines of a database apart: the resource in question is `it`. */
export const KIND_CASES: Readonly<Record<string, Resources>> = {
  app: { it: { kind: "app", source: "./app" } },
  site: { it: { kind: "site", source: "./public" } },
  "database (sqlite)": { it: { kind: "database", engine: "sqlite" } },
  "database (postgres)": { it: { kind: "database", engine: "postgres" } },
  bucket: { it: { kind: "bucket" } },
  kv: { it: { kind: "kv" } },
  queue: { it: { kind: "queue" } },
  cron: {
    worker: { kind: "app", source: "./app" },
    it: { kind: "cron", app: "worker", schedule: "0 3 * * *" },
  },
  domain: { it: { kind: "domain", domain: "example.com", maxPrice: "12.00 USD" } },
  dns: {
    address: { kind: "domain", domain: "example.com", maxPrice: "12.00 USD" },
    it: { kind: "dns", zone: "address", name: "www", type: "A", content: "192.0.2.1" },
  },
  secret: { it: { kind: "secret" } },
};

/** What a vendor makes of a kind. */
export type KindAnswer =
  | { readonly kind: "served"; readonly result: CompileResult }
  /** It goes to the vendor `where`, because this one does not serve it. */
  | { readonly kind: "elsewhere"; readonly where: string; readonly result: CompileResult }
  | { readonly kind: "refused"; readonly remedies: readonly string[] };

/** Compiles resources with every one placed on a vendor by the manifest's one word; `orchestrators` vouch, default Stripe. */
export function compileFor(
  vendor: Vendor,
  resources: Resources,
  orchestrators: readonly string[] = ["stripe"],
): Promise<CompileResult> {
  const vendors = [...VENDORS.filter(({ id }) => id !== vendor.id), vendor];
  const manifest = JSON.parse(manifestWith(resources)) as object;
  const words = { provider: vendor.id, orchestrator: orchestrators };
  return compileText(JSON.stringify({ ...manifest, ...words }), {
    vendors,
    findVendor: (id) => vendors.find((one) => one.id === id) ?? createProtocolVendor(id),
  });
}

/** Tries one of {@link KIND_CASES} on a vendor. */
export async function tryKind(vendor: Vendor, name: string): Promise<KindAnswer> {
  const result = await compileFor(vendor, KIND_CASES[name] ?? {});
  const errors = result.diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0)
    return { kind: "refused", remedies: errors.map(({ remedy }) => remedy ?? "") };
  const node = result.model?.resources.find((one) => one.name === "it");
  if (node === undefined) throw new Error("no model without an error");
  return node.provider === vendor.id
    ? { kind: "served", result }
    : { kind: "elsewhere", where: node.provider, result };
}
