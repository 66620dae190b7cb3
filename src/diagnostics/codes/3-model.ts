import { defineCode } from "../code-entry.ts";
import { input, inputs, money, optional, phrase, say } from "../message.ts";

/** Names, references, order, placement and budgets. */
export const MODEL_CODES = {
  SC3001: defineCode({
    title: "Unknown resource",
    severity: "error",
    message: say`there is no resource ${input("name")}`,
    remedies: [
      say`did you mean ${optional(input("suggestion"))}?`,
      say`declare it under ${input("section")}`,
    ],
  }),
  SC3002: defineCode({
    title: "Unknown attribute",
    severity: "error",
    message: say`the ${phrase("kind")} ${input("resource")} has no attribute ${input("attribute")}`,
    remedies: [
      say`did you mean ${optional(input("suggestion"))}?`,
      say`attributes of the kind ${phrase("kind")}: ${inputs("known")}`,
    ],
  }),
  SC3003: defineCode({
    title: "Malformed reference",
    severity: "error",
    message: say`${input("text")} is not a reference`,
    remedies: [
      say`write \${name.attribute} such as \${address.domain}, or $\${ where the characters themselves are meant`,
    ],
  }),
  SC3004: defineCode({
    title: "Kind cannot be bound",
    severity: "error",
    message: say`an app cannot use ${input("resource")}, because a ${phrase("kind")} offers nothing to bind`,
    remedies: [say`bind a resource of the kinds ${inputs("bindable")}`],
  }),
  SC3005: defineCode({
    title: "Reference to the wrong kind",
    severity: "error",
    message: say`the key ${input("key")} needs a ${phrase("expected")}, and ${input("resource")} is a ${phrase("kind")}`,
    remedies: [
      say`did you mean ${optional(input("suggestion"))}?`,
      say`name a resource of the kind ${phrase("expected")}`,
    ],
  }),
  SC3006: defineCode({
    title: "Cycle of references",
    severity: "error",
    message: say`the resources need each other in a circle: ${phrase("cycle")}`,
    remedies: [say`remove one of these references`],
  }),
  SC3007: defineCode({
    title: "No provider",
    severity: "error",
    message: say`nothing says on which provider ${input("resource")} goes`,
    remedies: [
      say`write provider: in the resource, in the stack ${input("stack")} or at the top; known are ${inputs("known")}`,
    ],
  }),
  SC3008: defineCode({
    title: "Unknown provider",
    severity: "error",
    message: say`there is no provider ${input("provider")}`,
    remedies: [
      say`did you mean ${optional(input("suggestion"))}?`,
      say`use one of ${inputs("known")}`,
    ],
  }),
  SC3009: defineCode({
    title: "Kind not served by the provider",
    severity: "error",
    message: say`${phrase("title")} does not serve the kind ${phrase("kind")} of ${input("resource")}`,
    remedies: [
      say`place it on one of ${optional(inputs("who"))}`,
      say`no known provider serves this kind; use a resource of the kind service instead`,
    ],
  }),
  SC3010: defineCode({
    title: "Provider refuses the resource",
    severity: "error",
    message: say`${phrase("title")} cannot serve ${input("resource")}: ${phrase("reason")}`,
    remedies: [say`${phrase("advice")}`],
  }),
  SC3011: defineCode({
    title: "Unknown service",
    severity: "error",
    message: say`the catalogue has no service ${input("service")}`,
    remedies: [
      say`did you mean ${optional(input("suggestion"))}?`,
      say`the provider offers ${optional(inputs("offered"))}`,
      say`look for it with supercargo catalog search`,
    ],
  }),
  SC3012: defineCode({
    title: "Missing service configuration",
    severity: "error",
    message: say`the service ${input("service")} needs the configuration key ${input("key")}`,
    remedies: [say`add ${input("key")} under ${input("section")}`],
  }),
  SC3013: defineCode({
    title: "Unknown service configuration",
    severity: "error",
    message: say`the service ${input("service")} has no configuration key ${input("key")}`,
    remedies: [
      say`did you mean ${optional(input("suggestion"))}?`,
      say`use one of ${inputs("known")}`,
    ],
  }),
  SC3014: defineCode({
    title: "Wrong service configuration",
    severity: "error",
    message: say`the service ${input("service")} does not take ${input("value")} for ${input("key")}`,
    remedies: [
      say`did you mean ${optional(input("suggestion"))}?`,
      say`use one of ${optional(inputs("allowed"))}`,
      say`write ${phrase("expected")}`,
    ],
  }),
  SC3015: defineCode({
    title: "Service not available",
    severity: "error",
    message: say`the service ${input("service")} is in the catalogue but not available now`,
    remedies: [say`choose another service`],
  }),
  SC3016: defineCode({
    title: "Budget wider than allowed",
    severity: "error",
    message: say`the budget of ${money("wanted")} is wider than the ${money("allowed")} that ${phrase("who")} for ${phrase("what")}`,
    remedies: [say`ask for ${money("allowed")} or less, or have the limit raised by its owner`],
  }),
  SC3017: defineCode({
    title: "Another currency",
    severity: "error",
    message: say`${money("amount")} is not in ${input("currency")}, the currency of the guardrails`,
    remedies: [say`write the amount in ${input("currency")}; nothing is converted`],
  }),
  SC3018: defineCode({
    title: "Duplicate domain",
    severity: "error",
    message: say`the domain ${input("domain")} is already the one of ${input("other")}`,
    remedies: [say`keep one of the two resources`],
  }),
  SC3019: defineCode({
    title: "Route on a foreign host",
    severity: "warning",
    message: say`the host ${input("host")} belongs to no domain of this manifest`,
    remedies: [say`declare the domain, or make sure that the account already holds it`],
  }),
  SC3020: defineCode({
    title: "Duplicate route",
    severity: "error",
    message: say`the route ${input("route")} already leads to ${input("other")}`,
    remedies: [say`keep one of the two routes`],
  }),
  SC3021: defineCode({
    title: "Variable given twice",
    severity: "error",
    message: say`the variable ${input("variable")} is under both bind and env`,
    remedies: [say`rename one of the two`],
  }),
  SC3022: defineCode({
    title: "Unknown stack",
    severity: "error",
    message: say`there is no stack ${input("stack")}`,
    remedies: [
      say`did you mean ${optional(input("suggestion"))}?`,
      say`use one of ${inputs("known")}, or declare it under stacks`,
    ],
  }),
  SC3023: defineCode({
    title: "Service of another provider",
    severity: "error",
    message: say`the service ${input("service")} is not one of the provider ${input("provider")}`,
    remedies: [say`delete the key provider: a service names its provider itself`],
  }),
  SC3024: defineCode({
    title: "Unknown orchestrator or payment partner",
    severity: "error",
    message: say`there is no ${phrase("family")} ${input("name")}`,
    remedies: [
      say`did you mean ${optional(input("suggestion"))}?`,
      say`use one of ${inputs("known")}`,
    ],
  }),
  SC3025: defineCode({
    title: "Content does not fit the record",
    severity: "error",
    message: say`${input("content")} is not the content of a record of type ${phrase("type")}`,
    remedies: [say`write ${phrase("expected")}`],
  }),
  SC3026: defineCode({
    title: "Priority does not fit the record",
    severity: "error",
    message: say`a record of type ${phrase("type")} ${phrase("rule")} priority`,
    remedies: [say`${phrase("advice")}`],
  }),
  SC3027: defineCode({
    title: "Invalid host in a route",
    severity: "error",
    message: say`the host of the route ${input("route")} is not a valid host name`,
    remedies: [
      say`use a domain, or a reference to one with names before it, of at most 253 characters`,
    ],
  }),
  SC3028: defineCode({
    title: "Not a registrable domain",
    severity: "error",
    message: say`${input("domain")} cannot be registered: ${phrase("reason")}`,
    remedies: [
      say`register ${optional(input("registrable"))}, and use names below it in records and routes`,
      say`put a name of your own and a dot before it`,
    ],
  }),
  SC3029: defineCode({
    title: "Domain in mixed scripts",
    severity: "error",
    message: say`${input("label")} in the domain ${input("domain")} mixes ${phrase("scripts")}, so it may look like another name`,
    remedies: [
      say`write each part of the name in one script; Latin may stand with the scripts of Chinese, Japanese or Korean`,
    ],
  }),
  SC3030: defineCode({
    title: "Domain in a rare script",
    severity: "error",
    message: say`${input("label")} in the domain ${input("domain")} holds ${phrase("characters")}, of a script that is not in general use`,
    remedies: [say`write the name in a script that its readers can tell apart from others`],
  }),
  SC3031: defineCode({
    title: "Look-alike domain",
    severity: "error",
    message: say`${input("unicode")} looks like ${input("other")}, the ${phrase("what")} ${input("owner")}`,
    remedies: [say`choose a name that nobody can take for the other`],
  }),
  SC3032: defineCode({
    title: "Domain easily misread",
    severity: "warning",
    message: say`${input("unicode")} is easily read as ${input("other")}, the ${phrase("what")} ${input("owner")}`,
    remedies: [say`make sure that this is the name you mean`],
  }),
  SC3033: defineCode({
    title: "Reserved variable",
    severity: "error",
    message: say`an app cannot be given the variable ${input("variable")}, which ${phrase("reason")}`,
    remedies: [say`give the variable another name, such as ${input("other")}`],
  }),
} as const;
