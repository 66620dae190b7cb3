import type { Json } from "../../util/canonical-json.ts";
import { sha256 } from "../../util/sha256.ts";
import type { ProviderService, ServicePrice } from "./provider-service.ts";

/** A service as Stripe's catalogue has it, of what anybody here reads of one (protocol, section 1.7). */
export function printCatalogService(service: ProviderService): Readonly<Record<string, Json>> {
  const { properties, required } = service.configurationSchema;
  return {
    id: `prvsvc_${sha256(`${service.provider}/${service.id}`).slice(0, 16)}`,
    object: "v2.provisioning.provider_service_detail",
    provider: service.provider,
    provider_name: `${service.provider.slice(0, 1).toUpperCase()}${service.provider.slice(1)}`,
    service_id: service.id,
    kind: service.kind,
    scope: service.scope,
    availability: "available",
    categories: service.categories,
    description: service.description,
    development: false,
    livemode: false,
    configuration_schema: { type: "object", properties: properties as Json, required },
    pricing: printPricing(service),
  };
}

function printPricing({ pricing, prices }: ProviderService): Json {
  if (pricing === "free") return { type: "free" };
  if (pricing === "paid") {
    const entries = prices.map((price) => ({
      ...printEntry(price),
      configuration: price.when as Json,
      is_default: price.isDefault,
    }));
    const standard = prices.find(({ isDefault }) => isDefault) ?? prices[0];
    return {
      type: "paid",
      paid: standard === undefined ? null : printEntry(standard),
      paid_pricing: entries,
    };
  }
  const options = prices.map((price) => ({
    type: price.isFree ? "free" : "paid",
    parent_services: price.parents,
    is_default: price.isDefault,
    paid: price.isFree ? null : printEntry(price),
  }));
  return { type: "component", component: { options } };
}

function printEntry({ isFree, text }: ServicePrice) {
  return { type: isFree ? "free" : "freeform", freeform: text, description: "" };
}
