import type { Properties } from "./property-names.ts";

/** How two sets of inputs differ. */
export interface Difference {
  readonly changed: readonly string[];
  /** Those among `changed` that make a new resource. */
  readonly replaces: readonly string[];
  /** The old one must go first, because both would bear one name. */
  readonly deleteFirst?: boolean | undefined;
}

/** What can be done at a provider that is configured. Types are the engine's tokens, e.g. `docker:index/volume:Volume`. */
export interface Operations {
  /** `isRepeated` says that an earlier run may have created it and died before it could say so. */
  create(
    type: string,
    inputs: Properties,
    isRepeated: boolean,
  ): Promise<{ readonly id: string; readonly outs: Properties }>;
  /** Undefined when it is gone. */
  read(
    type: string,
    id: string,
    state: Properties,
    inputs: Properties,
  ): Promise<{ readonly state: Properties; readonly inputs: Properties } | undefined>;
  update(type: string, id: string, inputs: Properties): Promise<Properties>;
  /** A resource that is already gone counts as removed. */
  remove(type: string, id: string, state: Properties): Promise<void>;
}

/** Plays one package's plugin where the real one cannot be downloaded. */
export interface StandIn {
  /** The package, e.g. `docker`. */
  readonly name: string;
  readonly version: string;
  /** What is wrong with the inputs, by property; the real plugin knows from its schema. */
  check(type: string, inputs: Properties): readonly { property: string; reason: string }[];
  diff(type: string, olds: Properties, news: Properties): Difference;
  /** Undefined while something is not known, as in the preview before the first run. */
  configure(args: Properties): Operations | undefined;
  /** What to say when something is asked of it before it is configured. */
  readonly needs: string;
}
