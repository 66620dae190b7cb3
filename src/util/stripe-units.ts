import { createCurrencyUnits } from "./currency-units.ts";

/**
 * How Stripe counts money in all of its APIs: the presentment currencies, zero-decimal and three-decimal currencies and special cases of
 * https://docs.stripe.com/currencies. What the page does not list, or lists no more as a currency of ISO 4217, is not here and so refused.
 *
 * - MGA has no decimals there and two in ISO 4217; ISK and UGX are the other way round, always in whole hundreds
 *   (https://support.stripe.com/questions/deprecation-of-fractional-isk-charges-and-refunds).
 * - The last digit of a three-decimal amount must be zero.
 * - HUF and TWD have two decimals: they are whole in payouts only.
 */
export const STRIPE_UNITS = createCurrencyUnits([
  {
    exponent: 0,
    currencies: "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF",
  },
  {
    exponent: 2,
    currencies: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP CRC CVE CZK
      DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR JMD KES KGS KHR KYD KZT LAK LBP LKR LRD
      LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD
      SCR SEK SGD SHP SLE SOS SRD SZL THB TJS TOP TRY TTD TWD TZS UAH USD UYU UZS WST XCD YER ZAR ZMW`,
  },
  { exponent: 2, step: 100, currencies: "ISK UGX" },
  { exponent: 3, step: 10, currencies: "BHD JOD KWD OMR TND" },
]);
