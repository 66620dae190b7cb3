import type { OrchestratorCapabilities } from "../contract.ts";

/** What version 0.1d of the protocol offers. It has no look-up of accounts, no list and no end of a session. */
export const CAPABILITIES: OrchestratorCapabilities = {
  links: false,
  provisions: true,
  lists: false,
  rotates: true,
  removes: true,
  endsSessions: false,
  needsClaim: false,
  payment: "token",
  ownership: "principal",
};
