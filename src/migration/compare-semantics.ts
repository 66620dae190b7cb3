import type { Vendor } from "../adapters/vendors/contract.ts";
import type { Semantics } from "../adapters/vendors/semantics.ts";
import type { ResourceKind, ResourceNode } from "../compiler/2-model/model.ts";

/** Something that whoever uses a resource notices when it has moved. */
export interface SemanticChange {
  /** One of the kind's aspects, e.g. `consistency`. */
  readonly aspect: string;
  readonly here: string;
  readonly there: string;
}

/** What differs between two vendors for one resource, in the order of the kind's aspects. Both must serve it. */
export function compareSemantics(
  node: ResourceNode,
  from: Vendor,
  to: Vendor,
): readonly SemanticChange[] {
  const here = describe(node, from);
  const there = describe(node, to);
  return Object.entries(here).flatMap(([aspect, phrase]) => {
    const other = there[aspect];
    if (other === undefined) throw new Error(`${to.id} does not say ${aspect} of ${node.kind}`);
    return other === phrase ? [] : [{ aspect, here: phrase, there: other }];
  });
}

function describe<K extends ResourceKind>(
  node: Extract<ResourceNode, { kind: K }>,
  { id, semantics }: Vendor,
): Readonly<Record<string, string>> {
  const say = semantics[node.kind as K] as
    | ((node: Extract<ResourceNode, { kind: K }>) => Semantics<K>)
    | undefined;
  if (say === undefined) throw new Error(`${id} does not say what ${node.kind} is like there`);
  return say(node);
}
