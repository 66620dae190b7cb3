import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { DiagnosticSink } from "../../diagnostics/diagnostic.ts";
import type { Model } from "../2-model/model.ts";
import type { Charge } from "./policy-result.ts";

/** Reports domains whose estimated price is above what the manifest itself allows for them. */
export function checkDomains(model: Model, charges: readonly Charge[], sink: DiagnosticSink): void {
  const charged = new Map(charges.map((charge) => [charge.resource, charge]));
  for (const node of model.resources) {
    if (node.kind !== "domain") continue;
    const charge = charged.get(node.name);
    const price = charge?.oneTime;
    if (charge === undefined || charge.exists || price === undefined) continue;
    const { name: resource, maxPrice, location } = node;
    if (price.currency === maxPrice.currency) {
      if (price.minor > maxPrice.minor)
        sink.report(createDiagnostic("SC4012", { price, maxPrice, resource }, location));
    } else if (price.currency === model.limits.total.currency) {
      // A price in another currency than the caps is reported with them.
      const values = { amount: price, resource, currency: maxPrice.currency };
      sink.report(createDiagnostic("SC4016", values, location));
    }
  }
}
