import type {
  ConfigurationSchema,
  PropertySchema,
  ProviderService,
  ServicePrice,
} from "./provider-service.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the services of a Stripe Projects catalogue: the whole answer of `projects catalog --json`, its `data`, or the bare list of
 * `v2.provisioning.provider_service_detail`. What is not available, or has no provider and id, is left out.
 */
export function readProviderServices(catalog: unknown): readonly ProviderService[] {
  const outer = readFields(catalog);
  const data = readFields(outer.data);
  const list = [catalog, outer.services, data.services].find(Array.isArray) ?? [];
  return (list as readonly unknown[]).flatMap((entry) => {
    const service = readService(readFields(entry));
    return service === undefined ? [] : [service];
  });
}

function readService(fields: Fields): ProviderService | undefined {
  const provider = fields.provider_name;
  const id = fields.service_id;
  if (typeof provider !== "string" || typeof id !== "string") return undefined;
  if (fields.availability !== undefined && fields.availability !== "available") return undefined;
  const constraints = readList(fields.constraints).map(readFields);
  const count = constraints.find((constraint) => constraint.type === "count");
  const atMost = readFields(count?.count).at_most;
  const pricing = readFields(fields.pricing);
  const group = fields.group;
  return {
    provider: provider.toLowerCase(),
    id,
    description: typeof fields.description === "string" ? fields.description : id,
    kind: fields.kind === "plan" ? "plan" : "deployable",
    scope: fields.scope === "account" ? "account" : "project",
    group: typeof group === "string" ? group : null,
    categories: readTexts(fields.categories),
    configurationSchema: readSchema(readFields(fields.configuration_schema)),
    allowedUpdates: readList(fields.allowed_updates).map((entry) => {
      const { service, direction } = readFields(entry);
      return {
        service: String(service),
        direction: direction === "up" || direction === "down" ? direction : "any",
      };
    }),
    atMost: typeof atMost === "number" ? atMost : null,
    isExclusive: constraints.some(
      (constraint) => constraint.type === "mutual_exclusion_allowed_updates",
    ),
    pricing: pricing.type === "paid" || pricing.type === "component" ? pricing.type : "free",
    prices: readPrices(pricing),
  };
}

function readPrices(pricing: Fields): readonly ServicePrice[] {
  if (pricing.type === "paid") {
    const entries = readList(pricing.paid_pricing ?? pricing.paid).map(readFields);
    return entries.map((entry) => readPrice(entry, entry, readFields(entry.configuration)));
  }
  if (pricing.type !== "component") return [];
  const options = readList(readFields(pricing.component).options).map(readFields);
  return options.map((option) => ({
    ...readPrice(option, readFields(option.paid), {}),
    parents: readTexts(option.parent_services),
  }));
}

function readPrice(kind: Fields, paid: Fields, when: Fields): ServicePrice {
  const text = typeof paid.freeform === "string" ? paid.freeform : "";
  const isDefault = kind.is_default === true;
  return { isFree: kind.type === "free", text, when, isDefault, parents: [] };
}

function readSchema(schema: Fields): ConfigurationSchema {
  return {
    properties: readFields(schema.properties) as Readonly<Record<string, PropertySchema>>,
    required: readTexts(schema.required),
    additionalProperties: schema.additionalProperties !== false,
  };
}

function readFields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

function readList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

function readTexts(value: unknown): readonly string[] {
  return readList(value).filter((entry) => typeof entry === "string");
}
