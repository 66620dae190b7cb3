import cloudflare from "../../src/adapters/vendors/cloudflare/index.ts";
import type { Lowered, Vendor } from "../../src/adapters/vendors/contract.ts";
import { createProtocolVendor } from "../../src/adapters/vendors/create-protocol-vendor.ts";
import type { Catalog } from "../../src/catalog/catalog.ts";
import { loadCatalog } from "../../src/catalog/load-catalog.ts";
import { readGuardrails } from "../../src/compiler/1-manifest/read-guardrails.ts";
import { readManifest } from "../../src/compiler/1-manifest/read-manifest.ts";
import { buildModel } from "../../src/compiler/2-model/build-model.ts";
import type { Model } from "../../src/compiler/2-model/model.ts";
import { evaluatePolicy } from "../../src/compiler/3-policy/evaluate-policy.ts";
import type { PolicyResult } from "../../src/compiler/3-policy/policy-result.ts";
import { lowerModel } from "../../src/compiler/lower-model.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { sha256 } from "../../src/util/sha256.ts";

const SNAPSHOT = loadCatalog();

/** A shop like that of the templates. */
export const STOREFRONT = `# yaml-language-server: $schema=./supercargo.schema.json
apiVersion: supercargo/v1
name: storefront
principal: { email: founder@example.com }
agent: { id: build-bot }
orchestrator: [stripe, self]
payment: [stripe]
provider: cloudflare
budget: { monthly: 60 USD }

resources:
  address:
    kind: domain
    domain: example-shop.com
    maxPrice: 12.00 USD

  orders:
    kind: database
    engine: sqlite

  media:
    kind: bucket

  receipts:
    kind: queue

  session-key:
    kind: secret

  shop:
    kind: app
    source: ./app
    bind:
      DB: orders
      MEDIA: media
      RECEIPTS: receipts
      SESSION_KEY: session-key
    env:
      SHOP_NAME: Example Shop
    consumes: [receipts]
    routes:
      - \${address.domain}/*

  nightly-report:
    kind: cron
    app: shop
    schedule: "0 3 * * *"

stacks:
  local: {}
  prod: { provider: cloudflare }
`;

export const STOREFRONT_GUARDRAILS = `apiVersion: supercargo/v1
caps:
  perProvider: 100.00 USD
  total: 150.00 USD
  perRun: 25.00 USD
  perTransaction: 15.00 USD
  categories: { domains: 15.00 USD }
counts: { domains: 1, accounts: 2, tokens: 5 }
allowed:
  providers: [cloudflare]
  services: ["cloudflare/*"]
  tlds: [com, dev]
`;

export interface CompiledText {
  readonly model: Model;
  readonly lowered: readonly Lowered[];
  readonly policy: PolicyResult;
  /** Codes of the policy's findings, in order. */
  readonly codes: readonly string[];
}

/** The head of a manifest; `resources` is the indented rest. */
export function manifestOf(resources: string): string {
  return `apiVersion: supercargo/v1
name: sample
principal: { email: founder@example.com }
agent: { id: build-bot }
orchestrator: [stripe]
payment: [stripe]
provider: cloudflare
resources:
${resources}
stacks:
  local: {}
  prod: {}
`;
}

/** Runs the compiler up to the policy; what is wrong before the policy fails the test. */
export function compileText(
  manifest: string,
  options: {
    readonly guardrails?: string | undefined;
    readonly stack?: string | undefined;
    readonly existing?: ReadonlySet<string> | undefined;
    /** Default: the snapshot. */
    readonly catalog?: Catalog | undefined;
  } = {},
): CompiledText {
  const problems: Diagnostic[] = [];
  const sink = { report: (diagnostic: Diagnostic) => problems.push(diagnostic) };
  const read = readManifest({ path: "supercargo.yaml", text: manifest }, sink);
  const { guardrails: text, stack = "prod", existing, catalog = SNAPSHOT } = options;
  const guardrails = readGuardrails(
    text === undefined ? undefined : { path: "guardrails.yaml", text },
    sink,
  );
  const providers = [...new Set([...catalog.services.values()].map(({ provider }) => provider))];
  const vendors: readonly Vendor[] = [
    cloudflare,
    ...providers.filter((id) => id !== cloudflare.id).map(createProtocolVendor),
  ];
  const findVendor = (id: string): Vendor =>
    vendors.find((vendor) => vendor.id === id) ?? createProtocolVendor(id);
  const digests = {
    manifest: sha256(manifest),
    guardrails: sha256(text ?? ""),
    catalog: catalog.digest,
  };
  const model =
    read &&
    guardrails &&
    buildModel({ manifest: read, guardrails, catalog, stack, vendors, digests }, sink);
  if (model === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  const lowered = lowerModel(model, findVendor, sink);
  if (lowered === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  const policy = evaluatePolicy({ model, lowered, catalog, existing }, { report: () => undefined });
  return { model, lowered, policy, codes: policy.findings.map(({ code }) => code) };
}
