/** A type of OpenTofu's type system as its JSON names it (cty). `dynamic` takes any value and keeps it with its type. */
export type ValueType =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | readonly ["list" | "map", ValueType];

/** One argument or output of a resource or provider. */
export interface Attribute {
  /** A plain type, or objects with attributes of their own, of which some may be left out. */
  readonly type: ValueType | NestedType;
  readonly mode: "required" | "optional" | "computed";
  readonly sensitive?: boolean | undefined;
}

export interface NestedType {
  readonly nesting: "single" | "list";
  readonly attributes: Attributes;
  /** A `list` that a configuration gives as blocks, one or many; in JSON one may stand without its list. Default false. */
  readonly isBlock?: true | undefined;
}

/** By name, snake_case. */
export type Attributes = Readonly<Record<string, Attribute>>;

/** Type guard of {@link NestedType}. */
export function isNested(type: Attribute["type"]): type is NestedType {
  return typeof type === "object" && "nesting" in type;
}
