/**
 * Money is an integer count of minor units (cents, yen, fils) of one ISO 4217 currency, never a floating number.
 *
 * Source of the currencies and exponents: ISO 4217 list one. Codes without a minor unit (XAU, XDR, XXX ...) and withdrawn ones are
 * no currencies here, so that an amount in them is refused.
 */
export interface Money {
  readonly currency: string;
  /** Minor units, e.g. `1044n` is 10.44 USD and 1,044 JPY. */
  readonly minor: bigint;
}

/** Exponent -> currencies. */
const CURRENCIES: readonly (readonly [exponent: number, codes: string])[] = [
  [0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"],
  [
    2,
    `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU
     CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS
     KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB
     PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD
     TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
  ],
  [3, "BHD IQD JOD KWD LYD OMR TND"],
  [4, "CLF UYW"],
];

const EXPONENTS: ReadonlyMap<string, number> = new Map(
  CURRENCIES.flatMap(([exponent, codes]) =>
    codes.split(/\s+/).map((code): [string, number] => [code, exponent]),
  ),
);

/** The codes of all currencies, in alphabetical order. */
export const CURRENCY_CODES: readonly string[] = [...EXPONENTS.keys()].toSorted();

/** The greatest amount, so that thousands of them still add up in the 64 bits of a store's integer. */
export const MINOR_MAX = 10n ** 15n - 1n;

/** Number of decimal places of a currency's minor unit; undefined when it is no currency. */
export function currencyExponent(currency: string): number | undefined {
  return EXPONENTS.get(currency);
}

const GRAMMAR = /^(\d{1,15})(?:\.(\d{1,4}))? ([A-Z]{3})$/;

/**
 * Reads `12.00 USD`. Returns undefined for any other form, for an unknown currency, for more decimals than the currency has (nothing is
 * rounded) and for more than {@link MINOR_MAX}.
 */
export function parseMoney(text: string): Money | undefined {
  const match = GRAMMAR.exec(text);
  if (match === null) return undefined;
  const [, whole = "", fraction = "", currency = ""] = match;
  const exponent = currencyExponent(currency);
  if (exponent === undefined || fraction.length > exponent) return undefined;
  const minor = BigInt(whole + fraction.padEnd(exponent, "0"));
  return minor > MINOR_MAX ? undefined : { currency, minor };
}

/** Prints `12.00 USD`; the inverse of {@link parseMoney}. Throws for an unknown currency. */
export function formatMoney(money: Money): string {
  const exponent = currencyExponent(money.currency);
  if (exponent === undefined) throw new RangeError("not a currency of ISO 4217");
  const sign = money.minor < 0n ? "-" : "";
  const digits = (money.minor < 0n ? -money.minor : money.minor)
    .toString()
    .padStart(exponent + 1, "0");
  const split = digits.length - exponent;
  const fraction = exponent === 0 ? "" : `.${digits.slice(split)}`;
  return `${sign}${digits.slice(0, split)}${fraction} ${money.currency}`;
}
