import type { AppNode, Model, ResourceNode, SiteNode } from "../../compiler/2-model/model.ts";
import type { Artifact, LoweredResource, LoweredText, PriceItem, ZoneRecord } from "./contract.ts";

/** What every `lower-*.ts` of a vendor without accounts may look at. */
export interface Context {
  readonly model: Model;
  /** Every resource of the model, by name. */
  readonly nodes: ReadonlyMap<string, ResourceNode>;
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
