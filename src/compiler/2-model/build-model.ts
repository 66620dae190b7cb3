import type { Catalog } from "../../catalog/catalog.ts";
import { type BoundedSink, boundSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { DiagnosticSink, SourceLocation } from "../../diagnostics/diagnostic.ts";
import { didYouMean } from "../../diagnostics/did-you-mean.ts";
import { compilePermissions } from "../../permissions/compile-permissions.ts";
import { deepFreeze } from "../../util/deep-freeze.ts";
import type { Guardrails } from "../1-manifest/guardrails.ts";
import type { Manifest } from "../1-manifest/read-manifest.ts";
import { buildNode } from "./build-node.ts";
import { checkDomains } from "./check-domains.ts";
import { checkNode } from "./check-node.ts";
import { checkService } from "./check-service.ts";
import type { EngineId, Model, ResourceNode } from "./model.ts";
import { narrowLimits } from "./narrow-limits.ts";
import { orderResources } from "./order-resources.ts";
import { createPlacement, type VendorOffer } from "./place-resources.ts";
import { createNameResolver } from "./resolve-names.ts";
import { createRouteTable } from "./route-table.ts";

/** The stack that is always there and always the sandbox. */
export const LOCAL_STACK = "local";

export interface ModelInput {
  readonly manifest: Manifest;
  readonly guardrails: Guardrails;
  readonly catalog: Catalog;
  /** `local` or a stack that the manifest declares. */
  readonly stack: string;
  readonly vendors: readonly VendorOffer[];
  /** Ids of the known orchestrators; without it they are not checked. */
  readonly orchestrators?: readonly string[] | undefined;
  /** Ids of the known issuers; without it they are not checked. */
  readonly issuers?: readonly string[] | undefined;
  /** In place of the manifest's. */
  readonly engine?: EngineId | undefined;
  readonly digests: Model["digests"];
}

/**
 * Resolves every name of a manifest and fills in what depends on the stack. Undefined when there are errors; at most a hundred are
 * reported, and a last one that counts the rest. The time is linear in the number of resources, but for sorting. The result is deeply frozen.
 */
export function buildModel(input: ModelInput, sink: DiagnosticSink): Model | undefined {
  const { manifest, guardrails, stack, digests } = input;
  const { data, locator } = manifest;
  const bounded = boundSink(sink);
  if (!checkStack(manifest, stack, bounded)) return undefined;
  checkPreferences(input, bounded);
  const resources = buildNodes(input, bounded);
  checkDomains(resources, input, bounded);
  const limits = narrowLimits(guardrails, manifest, stack, bounded);
  const { order, cycles } = orderResources(resources);
  for (const cycle of cycles)
    bounded.fail(() =>
      createDiagnostic(
        "SC3006",
        { cycle: printCycle(cycle) },
        locator.key(["resources", cycle[0] ?? ""]),
      ),
    );
  bounded.close(wholeManifest(manifest));
  if (bounded.errors > 0) return undefined;
  return deepFreeze({
    name: data.name,
    stack,
    live: stack !== LOCAL_STACK,
    principal: data.principal,
    agent: data.agent,
    orchestrators: data.orchestrator,
    issuers: data.payment,
    engine: input.engine ?? data.engine,
    guardrails,
    limits,
    permissions: compilePermissions(guardrails, limits),
    resources,
    order,
    digests: { ...digests },
  });
}

function buildNodes(
  { manifest, guardrails, catalog, stack, vendors }: ModelInput,
  sink: BoundedSink,
): readonly ResourceNode[] {
  const placement = createPlacement(manifest, stack, vendors, guardrails.allowed.providers, sink);
  const routes = createRouteTable(manifest, sink);
  return Object.entries(manifest.data.resources).map(([name, resource]) => {
    const path = ["resources", name];
    const place = placement.place(name, resource);
    if (resource.kind === "service") checkService(resource, path, catalog, manifest.locator, sink);
    const names = createNameResolver(manifest, sink);
    const built = buildNode(name, resource, place ?? { provider: "" }, { names, routes });
    const node = placement.settleEngine(built, resource);
    checkNode(node, manifest.locator, sink);
    if (place !== undefined) placement.checkNode(node);
    return node;
  });
}

function checkStack({ data, locator }: Manifest, stack: string, sink: BoundedSink): boolean {
  if (stack === LOCAL_STACK || Object.hasOwn(data.stacks, stack)) return true;
  const known = [...new Set([LOCAL_STACK, ...Object.keys(data.stacks)])];
  sink.fail(() =>
    createDiagnostic(
      "SC3022",
      { stack, known, suggestion: didYouMean(stack, known) },
      locator.key(["stacks"]),
    ),
  );
  return false;
}

function checkPreferences(
  { manifest: { data, locator }, orchestrators, issuers }: ModelInput,
  sink: BoundedSink,
): void {
  const check = (
    key: "orchestrator" | "payment",
    known: readonly string[] | undefined,
    family: string,
  ): void => {
    for (const [i, name] of data[key].entries())
      if (known !== undefined && !known.includes(name))
        sink.fail(() =>
          createDiagnostic(
            "SC3024",
            { family, name, known, suggestion: didYouMean(name, known) },
            locator.value([key, i]),
          ),
        );
  };
  check("orchestrator", orchestrators, "orchestrator");
  check("payment", issuers, "payment partner");
}

const CYCLE_SHOWN_MAX = 20;

function printCycle(cycle: readonly string[]): string {
  if (cycle.length <= CYCLE_SHOWN_MAX) return cycle.join(" -> ");
  const half = CYCLE_SHOWN_MAX / 2;
  const hidden = `(${cycle.length - CYCLE_SHOWN_MAX} more)`;
  return [...cycle.slice(0, half), hidden, ...cycle.slice(-half)].join(" -> ");
}

function wholeManifest({ file }: Manifest): SourceLocation {
  const start = { line: 1, column: 1 };
  return { file, path: "", range: { start, end: start } };
}
