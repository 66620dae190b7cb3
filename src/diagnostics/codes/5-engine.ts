import { defineCode } from "../code-entry.ts";
import { count, input, phrase, say } from "../message.ts";

/** Engine, state and deployment. */
export const ENGINE_CODES = {
  SC5001: defineCode({
    title: "Something that Crossplane cannot be given",
    severity: "error",
    message: say`${input("name")}${phrase("others")} cannot be printed for Crossplane: ${phrase("reason")}`,
    remedies: [say`use \`--engine pulumi\` or \`--engine opentofu\``],
  }),
  SC5002: defineCode({
    title: "Stack that nothing applies",
    severity: "warning",
    message: say`the stack is printed for Crossplane and applied by nobody: no controller serves ${phrase("kinds")} yet`,
    remedies: [
      say`read, render and validate it; apply with \`--engine pulumi\` or \`--engine opentofu\``,
    ],
  }),
  SC5003: defineCode({
    title: "Code too large for a cluster",
    severity: "error",
    message: say`the code of the apps has ${count("bytes")} bytes, and an object in a cluster holds ${count("limit")}`,
    remedies: [say`make it smaller, or use \`--engine pulumi\` or \`--engine opentofu\``],
  }),
} as const;
