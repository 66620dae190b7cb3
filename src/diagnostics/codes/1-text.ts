import { defineCode } from "../code-entry.ts";
import { count, input, phrase, say } from "../message.ts";

/** Bytes, characters and YAML. */
export const TEXT_CODES = {
  SC1000: defineCode({
    title: "More findings than are shown",
    severity: "error",
    message: say`there are at least ${count("omitted")} more errors than the ${count("shown")} shown`,
    remedies: [say`mend the ones above and run again`],
  }),
  SC1001: defineCode({
    title: "Text too large",
    severity: "error",
    message: say`the file is larger than the ${count("limit")} bytes allowed`,
    remedies: [say`split the product into several manifests`],
  }),
  SC1002: defineCode({
    title: "Not UTF-8",
    severity: "error",
    message: say`the file is not valid UTF-8 text`,
    remedies: [say`save the file in the encoding UTF-8`],
  }),
  SC1003: defineCode({
    title: "Forbidden character",
    severity: "error",
    message: say`the text contains ${phrase("character")}, which a reader cannot see or which changes the order of what is seen`,
    remedies: [say`delete the character or type it anew`],
  }),
  SC1004: defineCode({
    title: "Text is not normalised",
    severity: "error",
    message: say`${input("text")} is not in Unicode normalisation form C`,
    remedies: [say`write ${input("normalised")}`],
  }),
  SC1005: defineCode({
    title: "YAML syntax",
    severity: "error",
    message: say`the YAML cannot be read here: ${phrase("problem")}`,
    remedies: [],
  }),
  SC1006: defineCode({
    title: "Nested too deeply",
    severity: "error",
    message: say`mappings and lists are nested more than ${count("limit")} levels deep`,
    remedies: [say`write the data with fewer levels`],
  }),
  SC1007: defineCode({
    title: "Anchor or alias",
    severity: "error",
    message: say`${input("text")} is an anchor or an alias, which are not allowed`,
    remedies: [say`write the value out, or put it in quotes if it is plain text`],
  }),
  SC1008: defineCode({
    title: "Tag",
    severity: "error",
    message: say`${input("text")} is a tag, which are not allowed`,
    remedies: [say`delete the tag, or put the value in quotes if it is plain text`],
  }),
  SC1009: defineCode({
    title: "Several documents",
    severity: "error",
    message: say`the file holds more than one YAML document`,
    remedies: [say`keep one document and delete the line ${input("marker")}`],
  }),
  SC1010: defineCode({
    title: "Directive",
    severity: "error",
    message: say`${input("text")} is a YAML directive, which are not allowed`,
    remedies: [say`delete the line`],
  }),
  SC1011: defineCode({
    title: "Duplicate key",
    severity: "error",
    message: say`the key ${input("key")} is already on line ${count("line")}`,
    remedies: [say`keep one of the two`],
  }),
  SC1012: defineCode({
    title: "Reserved key",
    severity: "error",
    message: say`the key ${input("key")} is reserved`,
    remedies: [say`choose another key`],
  }),
  SC1013: defineCode({
    title: "Key is not text",
    severity: "error",
    message: say`a key must be text, and this one is ${phrase("actual")}`,
    remedies: [say`write a name before the colon, or quote the value if the colon belongs to it`],
  }),
  SC1014: defineCode({
    title: "Ambiguous value",
    severity: "error",
    message: say`${input("text")} is read differently by different YAML readers`,
    remedies: [
      say`put it in quotes if it is text; write numbers in plain digits and truth as true or false`,
    ],
  }),
  SC1015: defineCode({
    title: "Empty file",
    severity: "error",
    message: say`the file holds no data`,
    remedies: [say`start with the line ${input("line")}`],
  }),
} as const;
