import type { AppNode, Model, ResourceNode, SiteNode } from "../../compiler/2-model/model.ts";
import type {
  Artifact,
  LoweredResource,
  LoweredText,
  PriceItem,
  ResolveReference,
  ZoneRecord,
} from "./contract.ts";

/** The model, and what is found in it. */
export interface Overview {
  readonly model: Model;
  /** Every resource of the model, by name. */
  readonly nodes: ReadonlyMap<string, ResourceNode>;
}

/** What every `lower-*.ts` of a vendor without accounts may look at. */
export interface Context extends Overview {
  /** What a reference comes to: whoever owns the resource says. */
  readonly resolve: ResolveReference;
}

/** Kinds that answer HTTP. */
export type WebNode = AppNode | SiteNode;

/** What became of one manifest resource. */
export interface LoweredNode {
  readonly resources: readonly LoweredResource[];
  /** What it needs in zones of domains. */
  readonly records?: readonly ZoneRecord[] | undefined;
  readonly artifacts?: readonly Artifact[] | undefined;
  /** Services of the price list. */
  readonly prices?: readonly Pick<PriceItem, "service" | "category">[] | undefined;
  readonly url?: LoweredText | undefined;
}

/** Lowers nodes of one kind. */
export type LowerNode<Node extends ResourceNode> = (context: Context, node: Node) => LoweredNode;
