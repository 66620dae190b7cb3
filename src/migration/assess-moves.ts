import type { Vendor } from "../adapters/vendors/contract.ts";
import type { Model, ResourceKind, ResourceNode } from "../compiler/2-model/model.ts";
import { compareSemantics, type SemanticChange } from "./compare-semantics.ts";
import { type MovedModel, moveModel } from "./move-model.ts";
import { stayReason } from "./stay-reason.ts";

/** What becomes of one resource when its stack goes to a vendor. */
export interface MoveAssessment {
  readonly resource: string;
  readonly verdict: "as-it-is" | "with-changes" | "stays";
  /** The vendor that serves it in the place of the one that everything goes to; undefined when that one does. */
  readonly at?: string | undefined;
  /** Why it stays; undefined when it moves. */
  readonly because?: string | undefined;
  /** What its users notice; empty unless it moves with changes. */
  readonly changes: readonly SemanticChange[];
}

/** A stack's way to one vendor. */
export interface VendorAssessment {
  readonly vendor: Vendor;
  readonly there: MovedModel;
  /** For each resource that is not at the vendor already, in manifest order. */
  readonly moves: readonly MoveAssessment[];
}

/** What is carried over when a resource moves; undefined when nothing is, because it is made anew or kept by the broker. */
export const CARRIED: Readonly<Record<ResourceKind, string | undefined>> = {
  app: undefined,
  site: undefined,
  database: "every row",
  bucket: "every object",
  kv: "every key",
  queue: "nothing: it is emptied by its consumer first",
  cron: undefined,
  domain: undefined,
  dns: undefined,
  secret: undefined,
  service: undefined,
};

/**
 * Looks at the way from where a stack is to each vendor that it isn't wholly at. `standIns` serve by services what a vendor itself does not, the first one first. Pure: what
 * vendors say of themselves is all that counts.
 */
export function assessMoves(
  model: Model,
  vendors: readonly Vendor[],
  findVendor: (provider: string) => Vendor,
  standIns: readonly Vendor[] = [],
): readonly VendorAssessment[] {
  return vendors.flatMap((vendor) => {
    const there = moveModel(model, vendor, findVendor, { others: standIns });
    const moves = model.resources
      .filter(({ provider }) => provider !== vendor.id)
      .map((node) => assess(node, vendor, there, findVendor));
    return moves.length === 0 ? [] : [{ vendor, there, moves }];
  });
}

function assess(
  node: ResourceNode,
  vendor: Vendor,
  there: MovedModel,
  findVendor: (provider: string) => Vendor,
): MoveAssessment {
  const conflict = there.conflicts.find(({ resource }) => resource === node.name);
  const other = there.standIns.get(node.name);
  const because = (other === undefined ? stayReason(node, vendor) : undefined) ?? conflict?.reason;
  if (because !== undefined) return { resource: node.name, verdict: "stays", because, changes: [] };
  const changes = compareSemantics(node, findVendor(node.provider), other ?? vendor);
  return {
    resource: node.name,
    verdict: changes.length === 0 ? "as-it-is" : "with-changes",
    ...(other !== undefined && { at: other.id }),
    changes,
  };
}
