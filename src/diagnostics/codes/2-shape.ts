import { defineCode } from "../code-entry.ts";
import { count, input, inputs, money, optional, phrase, say } from "../message.ts";

/** Keys, types and the grammar of single values. */
export const SHAPE_CODES = {
  SC2001: defineCode({
    title: "Unknown key",
    severity: "error",
    message: say`the key ${input("key")} is not known here`,
    remedies: [
      say`did you mean ${optional(input("suggestion"))}?`,
      say`use one of ${inputs("known")}`,
    ],
  }),
  SC2002: defineCode({
    title: "Missing key",
    severity: "error",
    message: say`the key ${input("key")} is missing`,
    remedies: [
      say`add ${input("key")} with one of ${optional(inputs("allowed"))}`,
      say`add ${input("key")}`,
    ],
  }),
  SC2003: defineCode({
    title: "Wrong type",
    severity: "error",
    message: say`expected ${phrase("expected")}, found ${phrase("actual")}`,
    remedies: [say`${optional(phrase("advice"))}`],
  }),
  SC2004: defineCode({
    title: "Unknown choice",
    severity: "error",
    message: say`${input("value")} is not one of the choices`,
    remedies: [
      say`did you mean ${optional(input("suggestion"))}?`,
      say`use one of ${inputs("allowed")}`,
    ],
  }),
  SC2005: defineCode({
    title: "Number out of range",
    severity: "error",
    message: say`the number must be ${phrase("bound")} ${count("limit")}`,
    remedies: [],
  }),
  SC2006: defineCode({
    title: "Wrong length",
    severity: "error",
    message: say`the value must have ${phrase("bound")} ${count("limit")} ${phrase("unit")}`,
    remedies: [],
  }),
  SC2007: defineCode({
    title: "Repeated entry",
    severity: "error",
    message: say`${input("value")} is in the list twice`,
    remedies: [say`keep one of the two`],
  }),
  SC2010: defineCode({
    title: "Invalid name",
    severity: "error",
    message: say`${input("value")} is not a valid name`,
    remedies: [
      say`start with a lower-case letter and use lower-case letters, digits and hyphens, at most 63 characters`,
    ],
  }),
  SC2011: defineCode({
    title: "Invalid variable name",
    severity: "error",
    message: say`${input("value")} is not a valid variable name`,
    remedies: [
      say`start with an upper-case letter and use upper-case letters, digits and underscores, at most 63 characters`,
    ],
  }),
  SC2012: defineCode({
    title: "Invalid amount",
    severity: "error",
    message: say`${input("value")} is not an amount of money`,
    remedies: [say`write the amount and the ISO 4217 currency with one space, such as 12.00 USD`],
  }),
  SC2013: defineCode({
    title: "Invalid domain name",
    severity: "error",
    message: say`${input("value")} is not a valid domain name`,
    remedies: [say`write it in lower case without scheme or path, such as example.com`],
  }),
  SC2014: defineCode({
    title: "Invalid schedule",
    severity: "error",
    message: say`${input("value")} is not a valid schedule`,
    remedies: [
      say`write the five cron fields minute, hour, day of month, month and day of week (UTC), such as "0 3 * * *"`,
    ],
  }),
  SC2015: defineCode({
    title: "Invalid route",
    severity: "error",
    message: say`${input("value")} is not a valid route`,
    remedies: [
      say`write a host and a path without scheme, such as example.com/* or \${address.domain}/api/*`,
    ],
  }),
  SC2016: defineCode({
    title: "Invalid service reference",
    severity: "error",
    message: say`${input("value")} is not a service of the form provider/service`,
    remedies: [say`write provider and service as the catalogue does, such as resend/email`],
  }),
  SC2017: defineCode({
    title: "Invalid path",
    severity: "error",
    message: say`${input("value")} is not a path below the folder of the manifest`,
    remedies: [
      say`write a relative path with forward slashes and without "..", such as ./app; names of devices and of hidden state folders are refused`,
    ],
  }),
  SC2018: defineCode({
    title: "Invalid e-mail address",
    severity: "error",
    message: say`${input("value")} is not an e-mail address`,
    remedies: [say`write the address of the accountable person, such as founder@example.com`],
  }),
  SC2019: defineCode({
    title: "Invalid identifier",
    severity: "error",
    message: say`${input("value")} is not a valid identifier`,
    remedies: [
      say`start with a letter or digit and use letters, digits, dots, underscores and hyphens, at most 63 characters`,
    ],
  }),
  SC2020: defineCode({
    title: "Invalid record name",
    severity: "error",
    message: say`${input("value")} is not a valid DNS record name`,
    remedies: [
      say`write "@" for the domain itself, or a name relative to it in lower case, such as www`,
    ],
  }),
  SC2021: defineCode({
    title: "Domain name outside ASCII",
    severity: "warning",
    message: say`${input("value")} is registered as ${input("ascii")} and may look like another name`,
    remedies: [say`write ${input("ascii")} if that is the name you mean`],
  }),
  SC2022: defineCode({
    title: "Invalid time to live",
    severity: "error",
    message: say`${input("value")} is not a time to live`,
    remedies: [say`write 1 for automatic, or from 60 to 86400 seconds`],
  }),
  SC2023: defineCode({
    title: "Invalid public key",
    severity: "error",
    message: say`${input("value")} is not an Ed25519 public key`,
    remedies: [say`write ed25519: and the 32 bytes of the key in base64`],
  }),
  SC2024: defineCode({
    title: "Invalid subject",
    severity: "error",
    message: say`${input("value")} is not a subject of the permission matrix`,
    remedies: [
      say`write human, agent, sub-agent, ci, broker or "*", alone or with an id such as agent:build-bot`,
    ],
  }),
  SC2025: defineCode({
    title: "Invalid pattern",
    severity: "error",
    message: say`${input("value")} is not a pattern of providers or services`,
    remedies: [say`write a provider, provider/service, provider/* or "*" for all, as the key asks`],
  }),
  SC2026: defineCode({
    title: "Caps in several currencies",
    severity: "error",
    message: say`the cap ${input("cap")} is ${money("amount")}, and the total is in ${input("currency")}`,
    remedies: [say`write every cap, also those left at their default, in one currency`],
  }),
  SC2027: defineCode({
    title: "Invalid top-level domain",
    severity: "error",
    message: say`${input("value")} is not the ending of a domain`,
    remedies: [
      say`write the public suffix below which the name is registered, without a dot before it, such as com or co.uk`,
    ],
  }),
  SC2028: defineCode({
    title: "Invalid address of a witness",
    severity: "error",
    message: say`${input("value")} is not the address of a witness`,
    remedies: [say`write an https address, or an http address of this machine, without a query`],
  }),
  SC2029: defineCode({
    title: "Invalid key of a witness",
    severity: "error",
    message: say`${input("value")} is not the verifier key of a witness`,
    remedies: [say`write the line that the witness shows when it starts: name, id and key`],
  }),
  SC2050: defineCode({
    title: "Invalid webhook address",
    severity: "error",
    message: say`${input("value")} is not an address for a webhook`,
    remedies: [
      say`write https and a public host, without user, password or fragment, such as https://hooks.example.com/supercargo`,
    ],
  }),
  SC2051: defineCode({
    title: "Invalid host name",
    severity: "error",
    message: say`${input("value")} is not the name of a host`,
    remedies: [say`write a name in lower case without scheme or port, such as smtp.example.com`],
  }),
  SC2052: defineCode({
    title: "Webhook on this machine",
    severity: "error",
    message: say`the webhook ${input("url")} is on this machine`,
    remedies: [say`add allowLoopback: true if a receiver on this machine is what you want`],
  }),
  SC2053: defineCode({
    title: "Invalid window",
    severity: "error",
    message: say`${input("value")} is not the window of a cap`,
    remedies: [
      say`write day or month of the calendar, or a rolling length of at most 366 days, such as 15m, 24h or 30d`,
    ],
  }),
  SC2054: defineCode({
    title: "Invalid rolling window",
    severity: "error",
    message: say`${input("value")} is not a window within which acts are counted`,
    remedies: [say`write a rolling length of at most 366 days, such as 15m, 1h or 1d`],
  }),
  SC2055: defineCode({
    title: "Cap for nothing",
    severity: "error",
    message: say`nothing of the scope ${input("scope")} can be named ${input("only")}, so the cap would never hold`,
    remedies: [
      say`write ${optional(phrase("form"))}`,
      say`leave only out: the scope total is all that the ledger counts`,
    ],
  }),
} as const;
