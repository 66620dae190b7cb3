import type { LoweredResource } from "../../../adapters/vendors/contract.ts";
import type { FieldPath } from "./field-path.ts";
import type { YamlValue } from "./print-yaml.ts";

/** A step of `function-patch-and-transform` for one composed resource. */
export type Patch = { readonly [key: string]: YamlValue };

/** Text of the manifest that a provider takes from a Secret alone, though it is none. */
export interface PlainText {
  readonly key: string;
  /** Undefined where {@link patches} make it. */
  readonly text?: string | undefined;
  readonly patches: readonly Patch[];
}

/** What printing one composed resource gathers, and what it may ask. */
export interface Printing {
  readonly resource: LoweredResource;
  /** The stack's name; what the composition names in the cluster begins with it. */
  readonly stack: string;
  /** By {@link LoweredResource.name}. */
  readonly resources: ReadonlyMap<string, LoweredResource>;
  /** SHA-256 of an artifact, in hexadecimal. */
  readonly digestOf: (artifact: string) => string;
  readonly patches: Patch[];
  readonly texts: PlainText[];
  /** Told why something cannot be printed; what is printed then is of no use. */
  readonly refuse: (reason: string) => void;
}

/** Where the stack's own status says an output of one of its resources. */
export function outputPath(resource: string, output: string): FieldPath {
  return ["status", "outputs", resource, output];
}

/** Where the stack's own spec has the code of an app. */
export function artifactPath(artifact: string): FieldPath {
  return ["spec", "artifacts", artifact];
}
