import { readProviderServices } from "../../../../src/sandbox/providers/read-provider-services.ts";

/** A small catalogue in the form of `stripe projects catalog --json`: one of each kind of price, constraint and schema. */
const SERVICES = [
  {
    provider_name: "Acme",
    service_id: "free",
    kind: "plan",
    pricing: { type: "free" },
    ...exclusive("pro"),
  },
  {
    provider_name: "Acme",
    service_id: "pro",
    kind: "plan",
    pricing: { type: "paid", paid_pricing: [{ type: "freeform", freeform: "$25/month" }] },
    ...exclusive("free"),
  },
  {
    provider_name: "Acme",
    service_id: "postgres",
    kind: "deployable",
    categories: ["database"],
    configuration_schema: {
      type: "object",
      required: ["name"],
      additionalProperties: false,
      properties: {
        name: { type: "string", minLength: 3, maxLength: 20, pattern: "^[a-z-]+$" },
        region: { type: "string", enum: ["eu", "us"] },
        size: { type: "integer", minimum: 1, maximum: 8 },
      },
    },
    pricing: {
      type: "component",
      component: {
        options: [
          { type: "free", parent_services: ["free"] },
          { type: "paid", parent_services: ["pro"], paid: { freeform: "$0.10/GB" } },
        ],
      },
    },
  },
  { provider_name: "Acme", service_id: "email", kind: "deployable", pricing: { type: "free" } },
  {
    provider_name: "Acme",
    service_id: "search",
    kind: "deployable",
    pricing: {
      type: "paid",
      paid_pricing: [
        { type: "free", freeform: "", configuration: { tier: "free" }, is_default: true },
        { type: "freeform", freeform: "$19.00 per month", configuration: { tier: "big" } },
        { type: "freeform", freeform: "$1 per 1,000 queries", configuration: { tier: "use" } },
      ],
    },
  },
  { provider_name: "Other.io", service_id: "thing", kind: "deployable", pricing: { type: "free" } },
  {
    provider_name: "Gone",
    service_id: "x",
    kind: "plan",
    availability: "unavailable",
    pricing: { type: "free" },
  },
];

function exclusive(other: string) {
  return {
    allowed_updates: [{ service: other, direction: "any" }],
    constraints: [
      { type: "count", count: { at_most: 1 } },
      { type: "mutual_exclusion_allowed_updates", mutual_exclusion_allowed_updates: true },
    ],
  };
}

/** Providers `acme` and `other.io`. */
export const testServices = readProviderServices({ data: { services: SERVICES } });
