import { defineCode } from "../code-entry.ts";
import { count, input, inputs, money, optional, phrase, say } from "../message.ts";

/** What the guardrails say about a model that is otherwise sound. */
export const POLICY_CODES = {
  SC4001: defineCode({
    title: "Provider not allowed",
    severity: "error",
    message: say`the guardrails do not allow the provider ${input("provider")} of ${input("resource")}`,
    remedies: [
      say`place it on one of ${inputs("allowed")}, or have the guardrails changed by their owner`,
    ],
  }),
  SC4002: defineCode({
    title: "Service not allowed",
    severity: "error",
    message: say`the guardrails do not allow the service ${input("service")} of ${input("resource")}`,
    remedies: [say`use one of ${inputs("allowed")}, or have the guardrails changed by their owner`],
  }),
  SC4003: defineCode({
    title: "Top-level domain not allowed",
    severity: "error",
    message: say`the guardrails do not allow domains that end in ${input("tld")}`,
    remedies: [
      say`choose one of ${inputs("allowed")}, or have the guardrails changed by their owner`,
    ],
  }),
  SC4004: defineCode({
    title: "Too many of a kind",
    severity: "error",
    message: say`this needs ${count("needed")} ${phrase("what")}, and the guardrails allow ${count("limit")}`,
    remedies: [say`ask for fewer, or have the guardrails changed by their owner`],
  }),
  SC4005: defineCode({
    title: "One-time cost above a cap",
    severity: "error",
    message: say`the one-time cost of ${money("amount")} is above ${phrase("caps")}`,
    remedies: [say`ask for less, or have the cap raised by its owner`],
  }),
  SC4006: defineCode({
    title: "Monthly cost above a cap",
    severity: "error",
    message: say`the monthly cost of ${money("amount")} is above ${phrase("caps")}`,
    remedies: [say`ask for less, or have the cap raised by its owner`],
  }),
  SC4007: defineCode({
    title: "Unknown price needs approval",
    severity: "warning",
    message: say`the price of ${input("service")} for ${input("resource")} is not known, so a person must approve it`,
    remedies: [say`have the review approved, or choose a service whose price the catalogue states`],
  }),
  SC4008: defineCode({
    title: "Paid resource needs approval",
    severity: "warning",
    message: say`${input("resource")} costs ${phrase("price")} on the live stack ${input("stack")}, so a person must approve it`,
    remedies: [say`have the review approved with supercargo approve`],
  }),
  SC4009: defineCode({
    title: "Irreversible act needs approval",
    severity: "warning",
    message: say`${phrase("act")} ${input("resource")} cannot be undone, so a person must approve it`,
    remedies: [say`have the review approved with supercargo approve`],
  }),
  SC4010: defineCode({
    title: "Permission denied",
    severity: "error",
    message: say`${phrase("subject")} may not ${phrase("verb")} ${input("resource")} of the kind ${phrase("kind")}: ${phrase("reason")}`,
    remedies: [
      say`ask a person, or have the rule at ${optional(input("rule"))} changed by the owner of the guardrails`,
      say`ask a person, or have the guardrails changed by their owner`,
    ],
  }),
  SC4012: defineCode({
    title: "Price above the most allowed",
    severity: "error",
    message: say`the price of ${money("price")} is above the maxPrice of ${money("maxPrice")} for ${input("resource")}`,
    remedies: [say`raise maxPrice, or choose another name`],
  }),
  SC4013: defineCode({
    title: "Alert threshold reached",
    severity: "warning",
    message: say`the planned ${money("amount")} reaches ${count("percent")} per cent of the cap of ${money("cap")} for ${phrase("what")}`,
    remedies: [say`tell the owner of the budget before going on`],
  }),
  SC4014: defineCode({
    title: "Unbounded price",
    severity: "warning",
    message: say`${input("service")} for ${input("resource")}${phrase("others")} is billed by use, so its cost has no upper bound but the cap of ${money("cap")}`,
    remedies: [say`lower the budget if that is more than the use is worth`],
  }),
  SC4015: defineCode({
    title: "First month above a cap",
    severity: "error",
    message: say`the cost of ${money("amount")}, one-time and monthly together, is above ${phrase("caps")}`,
    remedies: [say`ask for less, or have the cap raised by its owner`],
  }),
  SC4016: defineCode({
    title: "Price in another currency",
    severity: "error",
    message: say`the price of ${money("amount")} for ${input("resource")} is not in ${input("currency")}, the currency of its cap`,
    remedies: [say`choose what is priced in ${input("currency")}; nothing is converted`],
  }),
  SC4017: defineCode({
    title: "Removal not permitted",
    severity: "error",
    message: say`${phrase("subject")} may not ${phrase("verb")} ${input("resource")} of the kind ${phrase("kind")}, ${phrase("cause")}: ${phrase("reason")}`,
    remedies: [
      say`undo the change of ${optional(inputs("changed"))}, or have a person run supercargo up --person, who is asked before anything is lost`,
      say`put it back into the manifest, or have a person run supercargo up --person, who is asked before anything is lost`,
    ],
  }),
  SC4018: defineCode({
    title: "Name outside ASCII needs approval",
    severity: "warning",
    message: say`the domain ${input("domain")} of ${input("resource")} is ${input("unicode")}, which is not plain ASCII, so a person must approve it`,
    remedies: [say`have the review approved, which shows every character of the name`],
  }),
  SC4019: defineCode({
    title: "Name that reads as another needs approval",
    severity: "warning",
    message: say`the domain ${input("domain")} of ${input("resource")} is ${input("unicode")}, ${phrase("how")} can be read as ${input("reading")}, so a person must approve it`,
    remedies: [say`have the review approved, which shows every character of the name`],
  }),
  SC4020: defineCode({
    title: "Commitments above a cap",
    severity: "error",
    message: say`up to ${money("amount")} would be due again within twelve months, which is above the cap of ${money("cap")} for commitments`,
    remedies: [say`ask for less, or have the cap raised by its owner`],
  }),
  SC4021: defineCode({
    title: "Placed elsewhere",
    severity: "info",
    message: say`${input("resource")} goes to ${input("provider")}: ${phrase("title")} does not serve the kind ${phrase("kind")}`,
    remedies: [say`name another provider at the resource to place it yourself`],
  }),
  SC4022: defineCode({
    title: "Paid elsewhere",
    severity: "info",
    message: say`${input("resource")}${phrase("others")} run on ${phrase("unpriced")}`,
    remedies: [say`see to it where that bill is paid`],
  }),
} as const;
