import { findVendor } from "../../src/adapters/vendors/find-vendor.ts";
import { VENDORS } from "../../src/adapters/vendors/registry.ts";
import { loadCatalog } from "../../src/catalog/load-catalog.ts";
import { type CompileResult, compile } from "../../src/compiler/compile.ts";
import { manifestOf } from "../policy/compile-text.ts";

const catalog = loadCatalog();
const GUARDRAILS = `apiVersion: supercargo/v1
counts: { domains: 100 }
caps: { total: 9000.00 USD, perProvider: 9000.00 USD, perRun: 9000.00 USD, perTransaction: 9000.00 USD }
approvals: { paid: false, irreversible: false }
allowed: { tlds: [com, net, co.uk, xn--p1ai] }
`;

/** What the compiler says about a manifest of these domains. The guardrails ask for a person as rarely as they can. */
export function compileDomains(
  domains: readonly string[],
  stack: "prod" | "local" = "prod",
): Promise<CompileResult> {
  const resources = domains.map(
    (domain, i) =>
      `  site-${i}: { kind: domain, domain: ${JSON.stringify(domain)}, maxPrice: 50.00 USD }`,
  );
  return compile({
    manifest: { path: "supercargo.yaml", text: manifestOf(resources.join("\n")) },
    guardrails: { path: "guardrails.yaml", text: GUARDRAILS },
    stack,
    catalog,
    vendors: VENDORS,
    findVendor,
    generator: { name: "supercargo", version: "0.0.0-test" },
  });
}

/** Codes of the errors, in order. */
export function errorsOf({ diagnostics }: CompileResult): readonly string[] {
  return diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);
}
