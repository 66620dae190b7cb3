import type { OrchestratorCapabilities } from "../contract.ts";

/** Without an orchestrator there is nobody who provisions services or takes payment tokens: what is left is the account itself. */
const ACCOUNT_ONLY = {
  lists: false,
  provisions: false,
  rotates: false,
  removes: false,
  payment: "none",
} as const;

/** A person's consent, by OAuth. */
export const OAUTH_CAPABILITIES: OrchestratorCapabilities = {
  ...ACCOUNT_ONLY,
  links: true,
  endsSessions: true,
  needsClaim: false,
  ownership: "principal",
};

/** A token that a person made and handed over; ending it is theirs to do. */
export const TOKEN_CAPABILITIES: OrchestratorCapabilities = {
  ...OAUTH_CAPABILITIES,
  endsSessions: false,
};

/** An account of nobody, for an hour. */
export const TEMPORARY_CAPABILITIES: OrchestratorCapabilities = {
  ...ACCOUNT_ONLY,
  links: false,
  endsSessions: false,
  needsClaim: true,
  ownership: "unclaimed",
};
