import fc from "fast-check";
import type { Catalog, CatalogService } from "../../src/catalog/catalog.ts";
import { loadCatalog } from "../../src/catalog/load-catalog.ts";
import {
  GENERATED_SERVICES,
  type GeneratedManifest,
  manifestDataArbitrary,
  printYaml,
} from "../arbitraries/manifest.ts";

/**
 * Random manifests that Cloudflare can serve: a route to some paths of a host outside the manifest, of which the zone is not known,
 * becomes one of a whole host.
 */
export const servedManifestArbitrary: fc.Arbitrary<string> = manifestDataArbitrary.map((data) =>
  printYaml(serveWholeHosts(data)),
);

/** The same manifests in every run, so that a failure can be repeated; `FC_SEED` gives others. */
export function sampleManifests(count: number): readonly string[] {
  const seed = Number(process.env.FC_SEED ?? 20_260_701);
  return fc.sample(servedManifestArbitrary, { numRuns: count, seed });
}

/** The pinned catalogue with every service that the random manifests use. */
export function catalogOfGenerated(): Catalog {
  const pinned = loadCatalog();
  const missing = Object.keys(GENERATED_SERVICES).filter((name) => !pinned.services.has(name));
  return {
    ...pinned,
    services: new Map([
      ...pinned.services,
      ...missing.map((reference) => [reference, createService(reference)] as const),
    ]),
  };
}

function createService(reference: string): CatalogService {
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
    prices: [{ price: { kind: "free" }, text: "free", when: {}, isDefault: true, parents: [] }],
  };
}

function serveWholeHosts(data: GeneratedManifest): GeneratedManifest {
  const resources = Object.entries(data.resources).map(([name, resource], i) => {
    const { routes } = resource;
    if (!Array.isArray(routes)) return [name, resource] as const;
    const served = routes.map((route: string) =>
      route.startsWith("www.example.com/") ? `www${i}.example.com/*` : route,
    );
    return [name, { ...resource, routes: served }] as const;
  });
  return { ...data, resources: Object.fromEntries(resources) };
}
