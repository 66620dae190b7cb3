import type { Catalog, CatalogService } from "../../catalog/catalog.ts";
import type { BoundedSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import { didYouMean } from "../../diagnostics/did-you-mean.ts";
import type { ManifestResource } from "../1-manifest/resource-schemas.ts";
import type { DataPath, Locator } from "../1-manifest/spans.ts";

type ServiceResource = Extract<ManifestResource, { kind: "service" }>;

/** Checks a service against the catalogue: it exists, it is available, and its configuration has the keys and values that it takes. */
export function checkService(
  resource: ServiceResource,
  path: DataPath,
  catalog: Catalog,
  locator: Locator,
  sink: BoundedSink,
): void {
  const at = locator.value([...path, "service"]);
  const { service: reference } = resource;
  const entry = catalog.services.get(reference);
  if (entry === undefined) {
    sink.fail(() => {
      const all = [...catalog.services.keys()];
      const provider = reference.slice(0, reference.indexOf("/") + 1);
      const offered = all.filter((other) => other.startsWith(provider));
      return createDiagnostic(
        "SC3011",
        {
          service: reference,
          suggestion: didYouMean(reference, all),
          offered: offered.length > 0 ? offered : undefined,
        },
        at,
      );
    });
    return;
  }
  if (!entry.available) {
    sink.fail(() => createDiagnostic("SC3015", { service: reference }, at));
    return;
  }
  checkConfiguration(resource, entry, path, locator, sink);
}

function checkConfiguration(
  { service, config }: ServiceResource,
  { configuration }: CatalogService,
  path: DataPath,
  locator: Locator,
  sink: BoundedSink,
): void {
  const { properties, required, isOpen } = readSchema(configuration);
  for (const key of required)
    if (!Object.hasOwn(config, key))
      sink.fail(() =>
        createDiagnostic(
          "SC3012",
          { service, key, section: "config" },
          locator.key([...path, "config"]),
        ),
      );
  const known = [...properties.keys()];
  for (const [key, value] of Object.entries(config)) {
    const property = properties.get(key);
    if (property === undefined) {
      if (!isOpen)
        sink.fail(() =>
          createDiagnostic(
            "SC3013",
            { service, key, known, suggestion: didYouMean(key, known) },
            locator.key([...path, "config", key]),
          ),
        );
      continue;
    }
    const { expected, allowed } = readProperty(property);
    if (fits(value, property)) continue;
    sink.fail(() => {
      const text = String(value);
      const suggestion = allowed === undefined ? undefined : didYouMean(text, allowed);
      return createDiagnostic(
        "SC3014",
        { service, key, value: text, expected, allowed, suggestion },
        locator.value([...path, "config", key]),
      );
    });
  }
}

type Property = Readonly<Record<string, unknown>>;

/** The subset of JSON Schema that catalogues use. Without `properties` nothing is known, so any key may be there. */
function readSchema(schema: Readonly<Record<string, unknown>>): {
  readonly properties: ReadonlyMap<string, Property>;
  readonly required: readonly string[];
  readonly isOpen: boolean;
} {
  const { properties, required, additionalProperties } = schema;
  const entries = isRecord(properties) ? Object.entries(properties) : [];
  return {
    properties: new Map(entries.map(([key, value]) => [key, isRecord(value) ? value : {}])),
    required: Array.isArray(required)
      ? required.filter((key): key is string => typeof key === "string")
      : [],
    isOpen: entries.length === 0 ? additionalProperties !== false : additionalProperties === true,
  };
}

function isRecord(value: unknown): value is Property {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const TYPES: Readonly<Record<string, { phrase: string; test: (value: unknown) => boolean }>> = {
  string: { phrase: "text", test: (value) => typeof value === "string" },
  integer: { phrase: "a whole number", test: Number.isSafeInteger },
  number: { phrase: "a number", test: (value) => typeof value === "number" },
  boolean: { phrase: "true or false", test: (value) => typeof value === "boolean" },
};

function readProperty({ type, enum: choices }: Property): {
  readonly expected: string;
  readonly allowed: readonly string[] | undefined;
} {
  return {
    expected: TYPES[String(type)]?.phrase ?? "another value",
    allowed: Array.isArray(choices) ? choices.map(String) : undefined,
  };
}

function fits(value: unknown, { type, enum: choices }: Property): boolean {
  const test = TYPES[String(type)]?.test;
  if (test !== undefined && !test(value)) return false;
  return !Array.isArray(choices) || choices.includes(value);
}
