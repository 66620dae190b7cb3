import { decode, ExtensionCodec, encode } from "@msgpack/msgpack";
import { type Attribute, type Attributes, isNested } from "./attribute.ts";

/** What stands for a value that is known only after apply. */
class Unknown {
  readonly isUnknown = true;
}
export const UNKNOWN: Unknown = Object.freeze(new Unknown());

/** A value of type `dynamic` with its type. */
export class Dynamic {
  /** JSON of the cty type, as it came. */
  readonly type: Uint8Array;
  readonly value: Value;

  constructor(type: Uint8Array, value: Value) {
    this.type = type;
    this.value = value;
  }
}

export type Value =
  | string
  | number
  | boolean
  | null
  | Unknown
  | Dynamic
  | readonly Value[]
  | { readonly [key: string]: Value };

/** The attributes of one object; null for what is not set. */
export type Values = Readonly<Record<string, Value>>;

/** Extension 0 is an unknown value; 12 is one with hints, which we have no use for (cty, `msgpack/unknown.go`). */
const extensions = new ExtensionCodec();
extensions.register({
  type: 0,
  encode: (value) => (value === UNKNOWN ? new Uint8Array([0]) : null),
  decode: () => UNKNOWN,
});
extensions.register({ type: 12, encode: () => null, decode: () => UNKNOWN });

/** Reads an object; undefined for null, which is how a resource that does not exist travels. */
export function readValues(attributes: Attributes, bytes: Uint8Array): Values | undefined {
  if (bytes.length === 0) return undefined;
  const value = decode(bytes, { extensionCodec: extensions, useBigInt64: false });
  return value === null ? undefined : (readObject(attributes, value) as Values);
}

/** Writes an object with every attribute of its schema; undefined becomes null. */
export function writeValues(attributes: Attributes, values: Values | undefined): Uint8Array {
  const value = values === undefined ? null : writeObject(attributes, values);
  return encode(value, { extensionCodec: extensions });
}

/** Reads an object of a state file, where it is JSON. */
export function readStoredValues(attributes: Attributes, json: unknown): Values {
  const stored = json as Readonly<Record<string, Value>>;
  const entries = Object.entries(attributes).map(([name, { type }]) => {
    const value = stored[name] ?? null;
    return [name, type === "dynamic" && value !== null ? readStoredDynamic(value) : value] as const;
  });
  return Object.fromEntries(entries);
}

function readStoredDynamic(value: Value): Dynamic {
  const stored = value as { readonly type: unknown; readonly value: Value };
  return new Dynamic(new TextEncoder().encode(JSON.stringify(stored.type)), stored.value);
}

function readObject(attributes: Attributes, value: unknown): Value {
  if (value === null || value === UNKNOWN) return value as Value;
  const fields = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [
      name,
      readAttribute(attribute, fields[name] ?? null),
    ]),
  );
}

function readAttribute({ type }: Attribute, value: unknown): Value {
  if (value === null || value === UNKNOWN) return value as Value;
  if (type === "dynamic") {
    const [kind, inner] = value as readonly [Uint8Array, Value];
    return new Dynamic(Uint8Array.from(kind), inner);
  }
  if (!isNested(type)) return value as Value;
  if (type.nesting === "single") return readObject(type.attributes, value);
  return (value as readonly unknown[]).map((item) => readObject(type.attributes, item));
}

function writeObject(attributes: Attributes, value: Value): unknown {
  if (value === null || value === UNKNOWN) return value;
  const fields = value as Values;
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [
      name,
      writeAttribute(attribute, fields[name] ?? null),
    ]),
  );
}

function writeAttribute({ type }: Attribute, value: Value): unknown {
  if (value === null || value === UNKNOWN) return value;
  if (value instanceof Dynamic) return [value.type, value.value];
  if (!isNested(type)) return value;
  if (type.nesting === "single") return writeObject(type.attributes, value);
  return (value as readonly Value[]).map((item) => writeObject(type.attributes, item));
}
