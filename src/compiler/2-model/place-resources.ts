import type { BoundedSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import { didYouMean } from "../../diagnostics/did-you-mean.ts";
import type { Manifest } from "../1-manifest/read-manifest.ts";
import type { ManifestResource } from "../1-manifest/resource-schemas.ts";
import type { DataPath } from "../1-manifest/spans.ts";
import { matchesAny } from "../matches-any.ts";
import { BINDABLE, type ResourceKind, type ResourceNode } from "./model.ts";

/** What the model needs to know of a vendor. */
export interface VendorOffer {
  readonly id: string;
  readonly title: string;
  readonly kinds: ReadonlySet<ResourceKind>;
  /** Kinds that are a service of the catalogue at it, by which apps of other vendors can bind them. */
  readonly services?: Readonly<Partial<Record<ResourceKind, string>>> | undefined;
  refuse(node: ResourceNode): { readonly reason: string; readonly remedy: string } | undefined;
}

/** The provider of a resource, the one that it takes the place of, and the service that it is there: see {@link ResourceNode}. */
export type Place = Pick<ResourceNode, "provider" | "insteadOf" | "service">;

/** Kinds that apps bind and that only their own provider's can, unless they are a service of the catalogue. */
const BOUND: ReadonlySet<ResourceKind> = new Set(
  [...BINDABLE].filter((kind) => kind !== "app" && kind !== "secret" && kind !== "service"),
);

/** Decides on which provider each resource goes. */
export interface Placement {
  /** Where a resource goes; undefined, with the error reported, when no provider can serve its kind. */
  place(name: string, resource: ManifestResource): Place | undefined;
  /** A database whose resource names no engine gets the one that its vendor has. */
  settleEngine(node: ResourceNode, resource: ManifestResource): ResourceNode;
  /** Lets the vendor say no to a finished node. */
  checkNode(node: ResourceNode): void;
}

/**
 * A resource goes where it says, else where its stack or the manifest says. What that provider does not serve, such as a domain on a container host, goes to the
 * first one that does and that the guardrails allow, in their order; a record goes where its zone is. What apps bind goes only where they reach it from elsewhere.
 */
export function createPlacement(
  { data, locator }: Manifest,
  stack: string,
  vendors: readonly VendorOffer[],
  allowed: readonly string[],
  sink: BoundedSink,
): Placement {
  const byId = new Map(vendors.map((vendor) => [vendor.id, vendor]));
  const known = [...byId.keys()];
  const unknown = new Set<string>();
  const fallback = fallbackProvider(data, stack);

  const findVendor = (provider: string, path: DataPath): VendorOffer | undefined => {
    const vendor = byId.get(provider);
    const place = path.join(".");
    if (vendor === undefined && !unknown.has(place)) {
      unknown.add(place);
      sink.fail(() =>
        createDiagnostic(
          "SC3008",
          { provider, known, suggestion: didYouMean(provider, known) },
          locator.value(path),
        ),
      );
    }
    return vendor;
  };

  return {
    place(name, resource) {
      const path = ["resources", name];
      if (resource.kind === "service") {
        const provider = checkService(resource, path);
        return provider === undefined ? undefined : { provider };
      }
      const wanted =
        resource.provider === undefined
          ? fallback
          : { provider: resource.provider, path: [...path, "provider"] };
      if (wanted === undefined) {
        sink.fail(() =>
          createDiagnostic("SC3007", { resource: name, stack, known }, locator.key(path)),
        );
        return undefined;
      }
      const vendor = findVendor(wanted.provider, wanted.path);
      if (vendor === undefined) return undefined;
      if (!vendor.kinds.has(resource.kind)) {
        const other = resource.provider === undefined ? standIn(resource) : undefined;
        if (other !== undefined) return settle(other, resource.kind, vendor.title);
        const { kind } = resource;
        const able = vendors.filter(({ kinds }) => kinds.has(kind));
        const reached = able.filter((one) => isReached(one, kind));
        const who = (reached.length > 0 ? reached : able).map(({ id }) => id);
        sink.fail(() =>
          createDiagnostic(
            "SC3009",
            { title: vendor.title, kind, resource: name, who: who.length > 0 ? who : undefined },
            locator.key(path),
          ),
        );
        return undefined;
      }
      return settle(vendor, resource.kind);
    },
    settleEngine(node, resource) {
      if (node.kind !== "database" || resource.kind !== "database") return node;
      const vendor = resource.engine === undefined ? byId.get(node.provider) : undefined;
      const other: ResourceNode = { ...node, engine: "postgres" };
      const takesOther = vendor?.refuse(node) !== undefined && vendor.refuse(other) === undefined;
      return takesOther ? other : node;
    },
    checkNode(node) {
      const vendor = node.kind === "service" ? undefined : byId.get(node.provider);
      const refusal = vendor?.refuse(node);
      if (vendor === undefined || refusal === undefined) return;
      const { reason, remedy } = refusal;
      sink.fail(() =>
        createDiagnostic(
          "SC3010",
          { title: vendor.title, resource: node.name, reason, advice: remedy },
          node.location,
        ),
      );
    },
  };

  function findPlace(domain: ManifestResource): VendorOffer | undefined {
    return domain.provider === undefined ? standIn(domain) : byId.get(domain.provider);
  }

  /** The provider that takes the place of one which does not serve the kind. */
  function standIn(resource: ManifestResource): VendorOffer | undefined {
    if (resource.kind === "dns") {
      const zone = Object.hasOwn(data.resources, resource.zone) && data.resources[resource.zone];
      const where = zone && zone.kind === "domain" ? findPlace(zone) : undefined;
      if (where?.kinds.has("dns") === true) return where;
    }
    const able = vendors.filter((one) => isReached(one, resource.kind));
    return allowed.flatMap((pattern) => able.filter(({ id }) => matchesAny([pattern], id)))[0];
  }

  /** A service names its provider itself, and any provider of the catalogue will do. */
  function checkService(
    { service, provider }: Extract<ManifestResource, { kind: "service" }>,
    path: DataPath,
  ): string | undefined {
    const own = service.slice(0, service.indexOf("/"));
    if (provider === undefined || provider === own) return own;
    sink.fail(() =>
      createDiagnostic("SC3023", { service, provider }, locator.value([...path, "provider"])),
    );
    return undefined;
  }
}

/** A kind at a vendor that serves it. */
function settle({ id, services }: VendorOffer, kind: ResourceKind, insteadOf?: string): Place {
  const service = services?.[kind];
  return {
    provider: id,
    ...(insteadOf !== undefined && { insteadOf }),
    ...(service !== undefined && { service }),
  };
}

/** Whether a vendor serves a kind so that it is of use to apps of other vendors, where it is one for apps at all. */
function isReached({ kinds, services }: VendorOffer, kind: ResourceKind): boolean {
  return kinds.has(kind) && (!BOUND.has(kind) || services?.[kind] !== undefined);
}

/** The provider of the stack, else that of the manifest, and where it is written. */
function fallbackProvider(
  data: Manifest["data"],
  stack: string,
): { readonly provider: string; readonly path: DataPath } | undefined {
  const own = Object.hasOwn(data.stacks, stack) ? data.stacks[stack]?.provider : undefined;
  if (own !== undefined) return { provider: own, path: ["stacks", stack, "provider"] };
  return data.provider === undefined ? undefined : { provider: data.provider, path: ["provider"] };
}
