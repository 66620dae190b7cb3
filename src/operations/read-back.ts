import type { Lowered, Permission } from "../adapters/vendors/contract.ts";
import { loadCatalog } from "../catalog/load-catalog.ts";
import type { ResourceNode } from "../compiler/2-model/model.ts";
import { evaluatePolicy } from "../compiler/3-policy/evaluate-policy.ts";
import type { EngineStep } from "../deploy/engine-step.ts";
import { buildReview } from "../review/build-review.ts";
import type { Review } from "../review/review.ts";
import { schemaTypeOf } from "../review/schema-type-of.ts";
import type { Json } from "../util/canonical-json.ts";
import { parseMoney } from "../util/money.ts";
import type { CompiledProject } from "./compile-sources.ts";
import { toReviewSteps } from "./review-steps.ts";

const SILENT = { report: () => {} };

/**
 * The review of what an engine read in what was printed for it, not of what the compiler meant to print: a resource that the text lacks, or has as another type, costs nothing, rights
 * are those that the printed access token asks for, and a domain or service is what stands there at the price that stands there. Only what one unit of a
 * service costs is the catalogue's. As for a live stack, so that approvals are in it.
 */
export function readBack(
  { model, lowered }: Pick<CompiledProject, "model" | "lowered">,
  steps: readonly EngineStep[],
): Review {
  const made = steps.filter(({ after }) => after !== undefined);
  const whole = new Map(
    lowered.flatMap(({ resources }) => resources).map((one) => [one.name, one]),
  );
  const byName = new Map(
    made
      .filter((step) => isOfType(step, whole.get(step.name)?.type))
      .map((step) => [step.name, step]),
  );
  const read: readonly Lowered[] = lowered.map((one) => ({
    ...one,
    resources: one.resources.filter(({ name }) => byName.has(name)),
    // What no resource of its own stands for, such as a queue that is a part of an app's deployment, is paid for all the same.
    prices: one.prices
      .filter(({ resource }) => byName.has(resource) || !whole.has(resource))
      .map((price) => ({
        ...price,
        service: readService(byName.get(price.resource)) ?? price.service,
      })),
    permissions: readPermissions(made, one.provider),
  }));
  const nodes = model.resources.flatMap((node): readonly ResourceNode[] => {
    const step = byName.get(node.name);
    // A schedule in an app's environment, for one, has no resource of its own.
    if (step === undefined) return whole.has(node.name) ? [] : [node];
    return readNode(node, step);
  });
  const seen = { ...model, live: true, resources: nodes };
  const policy = evaluatePolicy({ model: seen, lowered: read, catalog: loadCatalog() }, SILENT);
  return buildReview({
    ...{ model: seen, lowered: read, policy },
    files: [],
    steps: toReviewSteps(steps),
  });
}

/** Whether a step makes what has its name. A provider is each engine's own, and no type of a schema. */
function isOfType({ type }: EngineStep, meant: string | undefined): boolean {
  return meant === undefined || meant.startsWith("provider_") || schemaTypeOf(type) === meant;
}

/** The node with what is bought as it stands in the text; nothing when that cannot be read. */
function readNode(node: ResourceNode, step: EngineStep): readonly ResourceNode[] {
  if (node.kind === "domain") {
    const maxPrice = parseMoney(String(inputOf(step, "maxPrice")));
    const years = Number(inputOf(step, "years"));
    const domain = String(inputOf(step, "domain"));
    const provider = String(inputOf(step, "provider"));
    if (maxPrice === undefined || !Number.isInteger(years)) return [];
    return [{ ...node, maxPrice, years, domain, provider }];
  }
  const service = readService(step);
  if (service !== undefined && (node.kind === "service" || node.service !== undefined))
    return [{ ...node, service }];
  return [node];
}

/** What an instance of a service stands there as, whatever the manifest calls it; undefined for every other resource. */
function readService(step: EngineStep | undefined): string | undefined {
  if (step === undefined || schemaTypeOf(step.type) !== "supercargo_service_instance")
    return undefined;
  return String(inputOf(step, "service"));
}

function readPermissions(steps: readonly EngineStep[], provider: string): readonly Permission[] {
  const tokens = steps.filter(({ type }) => schemaTypeOf(type) === "supercargo_access_token");
  const own = tokens.filter((step) => inputOf(step, "provider") === provider);
  return own.flatMap((step) => {
    const permissions = inputOf(step, "permissions");
    if (!Array.isArray(permissions)) return [];
    return permissions.map((permission: Json): Permission => {
      const { group, scope } = permission as Readonly<Record<string, Json>>;
      return { group: String(group), scope: scope === "zone" ? "zone" : "account", because: [] };
    });
  });
}

/** An input by its name in the broker's protocol: each engine spells it in its own way. */
export function inputOf({ after }: EngineStep, name: string): Json | undefined {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  // OpenTofu keeps `provider` for itself.
  return after?.[name] ?? after?.[snake] ?? after?.[`${snake}_name`];
}
