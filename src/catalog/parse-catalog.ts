import { sha256 } from "../util/sha256.ts";
import type { Catalog, CatalogService } from "./catalog.ts";
import { readPricing } from "./read-pricing.ts";
import { SERVICE_REFERENCE } from "./service-reference.ts";

/** An entry that was left out, or a field of it that was replaced by its strictest reading. */
export interface CatalogProblem {
  /** Where in the document, e.g. `data.services[3].pricing`. */
  readonly path: string;
  /** One plain sentence without text of the document. */
  readonly problem: string;
}

export interface ParsedCatalog {
  readonly catalog: Catalog;
  readonly problems: readonly CatalogProblem[];
}

/** A larger document is refused unread: 16 MiB, forty times a full catalogue of 2026. */
const BYTES_MAX = 16 * 1024 * 1024;
const SERVICES_MAX = 10_000;

type Report = (path: string, problem: string) => void;

/**
 * Reads the answer of `stripe projects catalog --json` (protocol, section 1.7). Total: any text gives a catalogue, in the worst case an
 * empty one, and what was malformed is in `problems`. Texts of the catalogue are untrusted and kept as they are.
 */
export function parseCatalog(json: string): ParsedCatalog {
  const problems: CatalogProblem[] = [];
  const report: Report = (path, problem) => problems.push({ path, problem });
  const services = new Map<string, CatalogService>();
  const data = asRecord(asRecord(parseJson(json, report)).data);
  const list = data.services;
  if (!Array.isArray(list)) report("data.services", "the list of services is missing");
  const entries: readonly unknown[] = Array.isArray(list) ? list : [];
  if (entries.length > SERVICES_MAX) report("data.services", "there are too many services");
  for (const [i, entry] of entries.slice(0, SERVICES_MAX).entries()) {
    const path = `data.services[${i}]`;
    const service = readService(asRecord(entry), path, report);
    if (service === undefined) continue;
    if (services.has(service.reference)) report(path, "the service is in the list twice");
    else services.set(service.reference, service);
  }
  const updated = asText(data.last_updated) ?? "";
  return { catalog: Object.freeze({ digest: sha256(json), updated, services }), problems };
}

function parseJson(json: string, report: Report): unknown {
  if (json.length > BYTES_MAX) {
    report("", "the document is too large");
    return undefined;
  }
  try {
    return JSON.parse(json);
  } catch {
    report("", "the document is not JSON");
    return undefined;
  }
}

function readService(
  entry: Readonly<Record<string, unknown>>,
  path: string,
  report: Report,
): CatalogService | undefined {
  const name = asText(entry.provider_name);
  const service = asText(entry.service_id);
  const provider = name?.toLowerCase();
  const reference = `${provider}/${service}`;
  if (
    name === undefined ||
    provider === undefined ||
    service === undefined ||
    !SERVICE_REFERENCE.test(reference)
  ) {
    report(path, "provider_name and service_id do not make a service reference");
    return undefined;
  }
  return Object.freeze({
    reference,
    provider,
    service,
    title: `${name} ${service}`,
    kind: choose(entry.kind, ["deployable", "plan"], `${path}.kind`, report),
    scope: choose(entry.scope, ["project", "account"], `${path}.scope`, report),
    available: entry.availability === "available" && entry.development !== true,
    categories: Object.freeze(asList(entry.categories).filter((item) => typeof item === "string")),
    description: asText(entry.description) ?? "",
    configuration: asRecord(entry.configuration_schema),
    prices: Object.freeze(readServicePrices(entry.pricing, `${path}.pricing`, report)),
  });
}

function choose<const T extends string>(
  value: unknown,
  choices: readonly [T, ...T[]],
  path: string,
  report: Report,
): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) report(path, "the value is not one of the known ones");
  return found ?? choices[0];
}

/** Never empty: a service without a readable price has one unknown price. */
function readServicePrices(
  pricing: unknown,
  path: string,
  report: Report,
): CatalogService["prices"] {
  const { prices, isReadable } = readPricing(pricing);
  if (!isReadable) report(path, "there is no price that can be read");
  return prices;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
