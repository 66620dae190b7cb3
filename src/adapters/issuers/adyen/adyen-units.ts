import { createCurrencyUnits } from "../../../util/currency-units.ts";

/**
 * How Adyen counts money: the table of https://docs.adyen.com/development-resources/currency-codes, which goes before ISO 4217. It differs from it in CLP
 * and ISK (two decimals instead of none) and in CVE and IDR (none instead of two). What the page does not list is refused.
 */
export const ADYEN_UNITS = createCurrencyUnits([
  {
    exponent: 0,
    currencies: "CVE DJF GNF IDR JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
  },
  {
    exponent: 2,
    currencies: `AED ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BWP BYN BZD CAD CHF CLP CNY COP CRC CUP CZK DKK DOP
      DZD EGP ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF ILS INR ISK JMD KES KGS KHR KYD KZT LAK LKR MAD MDL MKD
      MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SEK SGD
      SHP SLE SOS SRD STN SVC SZL THB TOP TRY TTD TWD TZS UAH USD UYU UZS WST XCD XCG YER ZAR ZMW`,
  },
  { exponent: 3, currencies: "BHD IQD JOD KWD LYD OMR TND" },
]);
