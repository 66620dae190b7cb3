/** Reads an amount in minor units as an API prints it, a whole number or its digits; undefined for anything else. */
export function readAmount(value: unknown): bigint | undefined {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? BigInt(value) : undefined;
}
