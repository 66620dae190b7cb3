import { defineCode } from "../code-entry.ts";
import { phrase, say } from "../message.ts";

/** The broker's own records. */
export const BROKER_CODES = {
  SC6001: defineCode({
    title: "Log that was changed",
    severity: "error",
    message: say`the log does not verify: ${phrase("finding")}`,
    remedies: [],
  }),
} as const;
