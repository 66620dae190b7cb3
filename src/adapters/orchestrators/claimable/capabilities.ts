import type { OrchestratorCapabilities } from "../contract.ts";

/** Something that works at once and belongs to nobody, until a person claims it or its time is over. */
export const CAPABILITIES: OrchestratorCapabilities = {
  links: false,
  provisions: false,
  lists: false,
  rotates: false,
  removes: false,
  endsSessions: false,
  needsClaim: true,
  payment: "none",
  ownership: "unclaimed",
};

/** At Neon the account is one database, which is handed out as the catalogue's service and can be deleted. */
export const NEON_CAPABILITIES: OrchestratorCapabilities = {
  ...CAPABILITIES,
  provisions: true,
  removes: true,
  endsSessions: true,
};
