import type { Json } from "../../util/canonical-json.ts";
import type { ProviderService, ServicePrice } from "./provider-service.ts";

/** A service as `GET /provisioning/services` tells it (Hugging Face's published schema). */
export function printService(service: ProviderService): Json {
  const { properties, required } = service.configurationSchema;
  return {
    id: service.id,
    description: service.description,
    categories: service.categories,
    kind: service.kind,
    scope: service.scope,
    ...(service.group === null ? {} : { group: service.group }),
    pricing: printPricing(service),
    configuration_schema: { type: "object", properties: properties as Json, required },
    allowed_updates: service.allowedUpdates.map(({ service: id, direction }) => ({
      service: id,
      direction,
    })),
    constraints: {
      ...(service.atMost === null ? {} : { count: { at_most: service.atMost } }),
      ...(service.isExclusive ? { mutual_exclusion: { allowed_updates: true } } : {}),
    },
  };
}

function printPricing(service: ProviderService): Json {
  if (service.pricing === "free") return { type: "free" };
  if (service.pricing === "paid") return { type: "paid", paid: service.prices.map(printEntry) };
  const options = service.prices.map((price) => ({
    type: price.isFree ? "free" : "paid",
    ...(price.isDefault ? { default: true } : {}),
    ...(price.parents.length === 0 ? {} : { parent_service_ids: price.parents }),
    ...(price.isFree ? {} : { paid: printEntry(price) }),
  }));
  return { type: "component", component: { options } };
}

function printEntry(price: ServicePrice) {
  return {
    type: "freeform",
    freeform: price.isFree ? "Free" : price.text || "See the provider's price list",
    ...(Object.keys(price.when).length === 0 ? {} : { configuration: price.when as Json }),
    ...(price.isDefault ? { is_default: true } : {}),
  };
}
