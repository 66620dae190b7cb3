import type { ValueType } from "./postgres-kv.ts";

/** The value of a key as it is asked for. */
export function readKvValue(bytes: Uint8Array<ArrayBuffer>, type: ValueType): unknown {
  const content = new Response(bytes);
  if (type === "stream") return content.body;
  if (type === "arrayBuffer") return content.arrayBuffer();
  return type === "json" ? content.json() : content.text();
}
