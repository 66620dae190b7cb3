import type { Catalog, CatalogService } from "../../src/catalog/catalog.ts";
import { readGuardrails } from "../../src/compiler/1-manifest/read-guardrails.ts";
import type { Manifest } from "../../src/compiler/1-manifest/read-manifest.ts";
import { buildModel, type ModelInput } from "../../src/compiler/2-model/build-model.ts";
import type { Model } from "../../src/compiler/2-model/model.ts";
import type { VendorOffer } from "../../src/compiler/2-model/place-resources.ts";
import { RESOURCE_KINDS } from "../../src/compiler/vocabulary.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { GENERATED_SERVICES } from "../arbitraries/manifest.ts";
import { HEAD, read, readRules } from "../manifest/read-text.ts";

/** A vendor that serves everything. */
export const CLOUDFLARE: VendorOffer = {
  id: "cloudflare",
  title: "Cloudflare",
  kinds: new Set(RESOURCE_KINDS),
  refuse: () => undefined,
};

/** A service of a test's catalogue. */
export function createService(
  reference: string,
  options: Partial<CatalogService> = {},
): CatalogService {
  const [provider = "", service = ""] = reference.split("/");
  return {
    reference,
    provider,
    service,
    title: service,
    kind: "deployable",
    scope: "project",
    available: true,
    categories: [],
    description: "",
    configuration: {},
    prices: [],
    ...options,
  };
}

export function createCatalog(services: readonly CatalogService[]): Catalog {
  return {
    digest: "c".repeat(64),
    updated: "2026-07-01",
    services: new Map(services.map((service) => [service.reference, service])),
  };
}

const DEFAULT_CATALOG = createCatalog(
  Object.keys(GENERATED_SERVICES).map((reference) => createService(reference)),
);
const defaultGuardrails = readGuardrails(undefined, { report: () => undefined });

/** What building a model needs besides the manifest, with defaults for all of it. */
export function modelInput(manifest: Manifest, options: Partial<ModelInput> = {}): ModelInput {
  if (defaultGuardrails === undefined) throw new Error("the default guardrails are sound");
  return {
    manifest,
    guardrails: defaultGuardrails,
    catalog: DEFAULT_CATALOG,
    stack: "local",
    vendors: [CLOUDFLARE],
    digests: { manifest: "a".repeat(64), guardrails: "b".repeat(64), catalog: "c".repeat(64) },
    ...options,
  };
}

/** What building gives, with all findings. */
export interface Building {
  readonly model: Model | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly codes: readonly string[];
}

/** Builds the model of a whole manifest's text, which must be readable. */
export function buildText(
  text: string,
  options: Partial<ModelInput> & { readonly rules?: string } = {},
): Building {
  const { value, codes } = read(text);
  if (value === undefined) throw new Error(`the manifest cannot be read: ${codes.join(", ")}`);
  const { rules, ...input } = options;
  const guardrails = rules === undefined ? undefined : readRules(rules).value;
  const diagnostics: Diagnostic[] = [];
  const model = buildModel(modelInput(value, { ...(guardrails && { guardrails }), ...input }), {
    report: (diagnostic) => void diagnostics.push(diagnostic),
  });
  return { model, diagnostics, codes: diagnostics.map(({ code }) => code) };
}

/** {@link buildText} of a manifest with these lines below `resources:`. */
export function buildResources(
  lines: string,
  options: Parameters<typeof buildText>[1] = {},
): Building {
  return buildText(`${HEAD}resources:\n${lines.replace(/^(?=.)/gm, "  ")}\n`, options);
}
