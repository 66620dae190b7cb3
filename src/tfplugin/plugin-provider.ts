import type { Attributes } from "./attribute.ts";
import type { Values } from "./value.ts";

/** One type of resource. Methods throw an error whose message may be shown; everything else about it stays here. */
export interface PluginResource {
  readonly attributes: Attributes;
  /** What is wrong with a configuration, in whole sentences; values may be unknown. */
  validate?(config: Values): Promise<readonly string[]>;
  /** What becomes of one that exists. */
  plan(prior: Values, proposed: Values): Promise<PlannedChange>;
  /** Answers with what is stored: every attribute known. */
  create(planned: Values): Promise<Values>;
  /** Undefined when it is gone. */
  read(state: Values): Promise<Values | undefined>;
  update(prior: Values, planned: Values): Promise<Values>;
  remove(state: Values): Promise<void>;
}

export interface PlannedChange {
  /** Outputs that may change are unknown; a configured value is either the new one or, if that is no change, the prior one. */
  readonly planned: Values;
  /** Attributes whose change makes a new resource. */
  readonly replace: readonly string[];
}

/** A provider without its wire. */
export interface PluginProvider {
  readonly config: Attributes;
  /** Values are unknown in a plan that makes what they come from. */
  configure(config: Values): void;
  /** By type, `supercargo_account`. */
  readonly resources: ReadonlyMap<string, PluginResource>;
}
