/**
 * Money is an integer count of minor units (cents, yen, fils) of one ISO 4217 currency, never a floating number.
 *
 * Source of the exponents: ISO 4217:2015 list one; currencies that are absent have exponent 2.
 */
export interface Money {
  readonly currency: string;
  /** Minor units, e.g. `1044n` is 10.44 USD and 1,044 JPY. */
  readonly minor: bigint;
}

const EXPONENTS: Readonly<Record<string, number>> = {
  BHD: 3,
  BIF: 0,
  CLF: 4,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  IQD: 3,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  PYG: 0,
  RWF: 0,
  TND: 3,
  UGX: 0,
  UYI: 0,
  UYW: 4,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
};

/** Number of decimal places of a currency's minor unit, default 2. */
export function currencyExponent(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}

const GRAMMAR = /^(\d{1,15})(?:\.(\d{1,4}))? ([A-Z]{3})$/;

/**
 * Reads `12.00 USD`. Returns undefined for any other form, and for more decimals than the currency has:
 * nothing is rounded.
 */
export function parseMoney(text: string): Money | undefined {
  const match = GRAMMAR.exec(text);
  if (match === null) return undefined;
  const [, whole = "", fraction = "", currency = ""] = match;
  const exponent = currencyExponent(currency);
  if (fraction.length > exponent) return undefined;
  return { currency, minor: BigInt(whole + fraction.padEnd(exponent, "0")) };
}

/** Prints `12.00 USD`; the inverse of {@link parseMoney}. */
export function formatMoney(money: Money): string {
  const exponent = currencyExponent(money.currency);
  const sign = money.minor < 0n ? "-" : "";
  const digits = (money.minor < 0n ? -money.minor : money.minor)
    .toString()
    .padStart(exponent + 1, "0");
  const split = digits.length - exponent;
  const fraction = exponent === 0 ? "" : `.${digits.slice(split)}`;
  return `${sign}${digits.slice(0, split)}${fraction} ${money.currency}`;
}
