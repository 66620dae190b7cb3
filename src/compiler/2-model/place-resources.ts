import type { BoundedSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import { didYouMean } from "../../diagnostics/did-you-mean.ts";
import type { Manifest } from "../1-manifest/read-manifest.ts";
import type { ManifestResource } from "../1-manifest/resource-schemas.ts";
import type { DataPath } from "../1-manifest/spans.ts";
import type { ResourceKind, ResourceNode } from "./model.ts";

/** What the model needs to know of a vendor. */
export interface VendorOffer {
  readonly id: string;
  readonly title: string;
  readonly kinds: ReadonlySet<ResourceKind>;
  refuse(node: ResourceNode): { readonly reason: string; readonly remedy: string } | undefined;
}

/** Decides on which provider each resource goes. */
export interface Placement {
  /** The provider of a resource; undefined, with the error reported, when there is none that can serve its kind. */
  providerOf(name: string, resource: ManifestResource): string | undefined;
  /** Lets the vendor say no to a finished node. */
  checkNode(node: ResourceNode): void;
}

export function createPlacement(
  { data, locator }: Manifest,
  stack: string,
  vendors: readonly VendorOffer[],
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
    providerOf(name, resource) {
      const path = ["resources", name];
      if (resource.kind === "service") return checkService(resource, path);
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
        const who = vendors.filter(({ kinds }) => kinds.has(resource.kind)).map(({ id }) => id);
        const { kind } = resource;
        sink.fail(() =>
          createDiagnostic(
            "SC3009",
            { title: vendor.title, kind, resource: name, who: who.length > 0 ? who : undefined },
            locator.key(path),
          ),
        );
        return undefined;
      }
      return vendor.id;
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

/** The provider of the stack, else that of the manifest, and where it is written. */
function fallbackProvider(
  data: Manifest["data"],
  stack: string,
): { readonly provider: string; readonly path: DataPath } | undefined {
  const own = Object.hasOwn(data.stacks, stack) ? data.stacks[stack]?.provider : undefined;
  if (own !== undefined) return { provider: own, path: ["stacks", stack, "provider"] };
  return data.provider === undefined ? undefined : { provider: data.provider, path: ["provider"] };
}
