/** Reads an amount in minor units, at least 1 and of at most 8 digits (https://docs.stripe.com/currencies), or undefined. */
export function readAmount(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^[1-9]\d{0,7}$/.test(text)) return undefined;
  return BigInt(text);
}

/** Reads a currency, three lower-case letters on the wire and upper-case here, or undefined. */
export function readCurrency(text: string | undefined): string | undefined {
  return text !== undefined && /^[a-z]{3}$/.test(text) ? text.toUpperCase() : undefined;
}
