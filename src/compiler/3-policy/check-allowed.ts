import type { Catalog } from "../../catalog/catalog.ts";
import { findListedService } from "../../catalog/price-list.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { DiagnosticSink } from "../../diagnostics/diagnostic.ts";
import { splitDomain } from "../../util/domains/registrable-domain.ts";
import type { Model } from "../2-model/model.ts";
import { matchesAny } from "../matches-any.ts";
import type { Charge } from "./policy-result.ts";

/** Reports providers, services and endings of domains that the guardrails do not name, and services that the catalogue does not offer. */
export function checkAllowed(
  model: Model,
  charges: readonly Charge[],
  catalog: Catalog,
  sink: DiagnosticSink,
): void {
  const { allowed } = model.guardrails;
  for (const node of model.resources) {
    if (!matchesAny(allowed.providers, node.provider)) {
      const values = { provider: node.provider, resource: node.name, allowed: allowed.providers };
      sink.report(createDiagnostic("SC4001", values, node.location));
    }
    if (node.kind !== "domain") continue;
    const { suffix: tld } = splitDomain(node.domain);
    if (!allowed.tlds.includes(tld))
      sink.report(createDiagnostic("SC4003", { tld, allowed: allowed.tlds }, node.location));
  }
  const placed = new Map(model.resources.map(({ name, provider }) => [name, provider]));
  for (const { resource, service, provider, location } of charges) {
    if (provider !== placed.get(resource) && !matchesAny(allowed.providers, provider)) {
      const values = { provider, resource, allowed: allowed.providers };
      sink.report(createDiagnostic("SC4001", values, location));
    } else if (!matchesAny(allowed.services, service)) {
      const values = { service, resource, allowed: allowed.services };
      sink.report(createDiagnostic("SC4002", values, location));
    }
    const entry = catalog.services.get(service);
    if (entry === undefined && findListedService(service) !== undefined) continue;
    if (entry === undefined)
      sink.report(
        createDiagnostic(
          "SC3011",
          { service, suggestion: undefined, offered: undefined },
          location,
        ),
      );
    else if (!entry.available) sink.report(createDiagnostic("SC3015", { service }, location));
  }
}
