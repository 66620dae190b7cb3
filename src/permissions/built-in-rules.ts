import type { Verb } from "../compiler/vocabulary.ts";
import type { AccessRule } from "./access-rule.ts";

/** What an agent never does, whoever permits it: the classes R3 and R4. */
export const AGENT_NEVER: readonly Verb[] = [
  "raise-limit",
  "change-policy",
  "approve",
  "settle",
  "claim",
  "move",
  "delete",
  "transfer",
  "export-secret",
  "change-registrant",
  "disable-lock",
  "close-account",
];

/** No file can lift this. */
export const AGENTS_NEVER: AccessRule = {
  id: "agents-never",
  effect: "forbid",
  subjects: ["agent", "sub-agent"],
  verbs: AGENT_NEVER,
  kinds: ["*"],
  when: {},
  origin: { kind: "built-in" },
};

/** Neither can a machine of another class approve, say how an act without an answer ended, take an account of nobody, or choose who vouches for one. */
export const PEOPLE_APPROVE: AccessRule = {
  id: "people-approve",
  effect: "forbid",
  subjects: ["ci", "broker"],
  verbs: ["approve", "settle", "claim", "move"],
  kinds: ["*"],
  when: {},
  origin: { kind: "built-in" },
};

/**
 * Money that is held for ever helps nobody, nor does an account that vanishes or whose orchestrator is gone, so a person may say what the provider does not,
 * claim, and move; a file can still forbid it.
 */
export const PEOPLE_SETTLE: AccessRule = {
  id: "people-settle",
  effect: "permit",
  subjects: ["human"],
  verbs: ["settle", "claim", "move"],
  kinds: ["*"],
  when: {},
  origin: { kind: "built-in" },
};

/** Taking power away needs no permit; a file can still forbid it. */
export const ALL_REVOKE: AccessRule = {
  id: "all-revoke",
  effect: "permit",
  subjects: ["*"],
  verbs: ["revoke"],
  kinds: ["*"],
  when: {},
  origin: { kind: "built-in" },
};
