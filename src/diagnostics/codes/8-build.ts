import { defineCode } from "../code-entry.ts";
import { count, input, phrase, say } from "../message.ts";

/** Sources of apps and sites. */
export const BUILD_CODES = {
  SC8001: defineCode({
    title: "Code that does not build",
    severity: "error",
    message: say`the code of ${input("resource")} does not build: ${input("problem")}`,
    remedies: [say`correct the code`],
  }),
  SC8002: defineCode({
    title: "Missing source",
    severity: "error",
    message: say`there is no ${phrase("what")} ${input("source")}`,
    remedies: [say`create it, or correct the path, which is relative to the manifest`],
  }),
  SC8003: defineCode({
    title: "Source outside the project",
    severity: "error",
    message: say`${input("resource")} would take in ${input("source")}, which is outside the project`,
    remedies: [say`move the file below the manifest's folder, or install it as a package`],
  }),
  SC8004: defineCode({
    title: "Link in a folder of files",
    severity: "error",
    message: say`${input("source")} is neither a file nor a folder`,
    remedies: [say`put a copy of the file there; links are not followed`],
  }),
  SC8005: defineCode({
    title: "Too much to publish",
    severity: "error",
    message: say`${input("resource")} has more than ${count("files")} files or ${count("bytes")} bytes`,
    remedies: [say`publish fewer files, or serve them from a bucket`],
  }),
  SC8006: defineCode({
    title: "File too large",
    severity: "error",
    message: say`the file ${input("source")} has more than ${count("limit")} bytes`,
    remedies: [say`make it smaller, or serve it from a bucket`],
  }),
  SC8007: defineCode({
    title: "Something in the way of a stack",
    severity: "error",
    message: say`${input("path")} is not a plain ${phrase("what")}, so nothing was written`,
    remedies: [say`remove it and compile again; links are not followed`],
  }),
  SC8008: defineCode({
    title: "Path that cannot be published",
    severity: "error",
    message: say`the path ${input("source")} holds a # or a ?, which ${input("provider")} takes in no path`,
    remedies: [say`rename it`],
  }),
} as const;
