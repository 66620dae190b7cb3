/** Where a value stands in a resource: keys, and numbers for items of lists. */
export type FieldPath = readonly (string | number)[];

/** The path as Crossplane writes it: `spec.forProvider.bindings[3].id`, `status.outputs[cloudflare.account].accountId`. */
export function fieldPath(path: FieldPath): string {
  return path
    .map((part, i) => {
      if (typeof part === "number") return `[${part}]`;
      if (/^[A-Za-z][A-Za-z0-9_-]*$/.test(part)) return i === 0 ? part : `.${part}`;
      // Between brackets only these would end the key.
      if (/[[\]]/.test(part)) throw new Error("a key with a bracket");
      return `[${part}]`;
    })
    .join("");
}
