export type Plain = null | string | number | boolean | Plain[] | { [key: string]: Plain };
export type PlainObject = { [key: string]: Plain };

/** `google.protobuf.Value` as proto-loader has it. */
interface Value {
  readonly kind?: string;
  readonly stringValue?: string;
  readonly numberValue?: number;
  readonly boolValue?: boolean;
  readonly structValue?: Struct;
  readonly listValue?: { readonly values?: readonly Value[] };
}

export interface Struct {
  readonly fields?: Readonly<Record<string, Value>>;
}

/** A structure that came over gRPC, as plain data. */
export function fromStruct(struct: Struct | null | undefined): PlainObject {
  return Object.fromEntries(
    Object.entries(struct?.fields ?? {}).map(([key, value]) => [key, fromValue(value)]),
  );
}

/** Plain data as it goes over gRPC. */
export function toStruct(value: PlainObject): Struct {
  return {
    fields: Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toValue(one)])),
  };
}

function fromValue(value: Value): Plain {
  if (value.structValue) return fromStruct(value.structValue);
  if (value.listValue) return (value.listValue.values ?? []).map(fromValue);
  if (value.kind === "stringValue") return value.stringValue ?? "";
  if (value.kind === "numberValue") return value.numberValue ?? 0;
  if (value.kind === "boolValue") return value.boolValue ?? false;
  return null;
}

function toValue(value: Plain): Value {
  if (value === null) return { kind: "nullValue" };
  if (typeof value === "string") return { kind: "stringValue", stringValue: value };
  if (typeof value === "number") return { kind: "numberValue", numberValue: value };
  if (typeof value === "boolean") return { kind: "boolValue", boolValue: value };
  if (Array.isArray(value)) return { kind: "listValue", listValue: { values: value.map(toValue) } };
  return { kind: "structValue", structValue: toStruct(value) };
}
