import type { Reference } from "../../compiler/2-model/model.ts";

/**
 * A value in a lowered resource. The emitters print it in their dialect; nothing else may be printed.
 * Keys of `object` are snake_case provider-schema names, except below a `map`, whose keys are data.
 */
export type LoweredValue =
  | string
  | number
  | boolean
  | readonly LoweredValue[]
  | { readonly kind: "object"; readonly fields: Readonly<Record<string, LoweredValue>> }
  | { readonly kind: "map"; readonly entries: Readonly<Record<string, LoweredValue>> }
  | LoweredReference
  | {
      readonly kind: "concat";
      readonly parts: readonly LoweredPart[];
    }
  | LoweredJson
  /** The `index`th network of 64 bits in the IPv6 block of 56 bits that another resource has once it exists. */
  | { readonly kind: "ipv6-subnet"; readonly block: LoweredReference; readonly index: number }
  | LoweredArtifact
  /** The files of an artifact that is a folder: where each will lie -> its bytes and SHA-1, `<number>~<hexadecimal>`, by which Vercel knows files. */
  | { readonly kind: "file-sums"; readonly artifact: string }
  /** Below {@link LoweredResource.each}: where the file lies among the artifact's, `docs/a.html`, or its media type. */
  | { readonly kind: "file"; readonly field: "path" | "type" };

/** Where an artifact or one of its files will lie, its SHA-256 in hexadecimal, or the same in base64. */
export interface LoweredArtifact {
  readonly kind: "artifact";
  readonly artifact: string;
  readonly field: "path" | "sha256" | "sha256-base64";
  /** One file of a folder, by its path in it; left out, the whole. */
  readonly file?: string | undefined;
}

/** A {@link LoweredValue} that prints as text. */
export type LoweredText = string | LoweredReference | Extract<LoweredValue, { kind: "concat" }>;

/** A piece of a text. */
export type LoweredPart = string | LoweredReference | LoweredJson;

/** The JSON text of a value: of an output whose shape is known only once it exists, e.g. a service's credentials, or of a `map` with outputs in it, e.g. a policy. */
export interface LoweredJson {
  readonly kind: "json";
  readonly value: LoweredValue;
}

/** An output of another lowered resource. `attribute` is a snake_case provider-schema name. */
export interface LoweredReference {
  readonly kind: "reference";
  /** {@link LoweredResource.name} */
  readonly resource: string;
  readonly attribute: string;
  /** Where the attribute is one block or a list of one: a field of it. */
  readonly field?: string | undefined;
}

/** Says what a reference of the manifest comes to, in pieces of a text. */
export type ResolveReference = (reference: Reference) => readonly (string | LoweredReference)[];
