import type { OrchestratorCapabilities } from "../contract.ts";

/** The provisioning protocol's resources, with tokens of the person instead of a platform's signature. */
export const CAPABILITIES: OrchestratorCapabilities = {
  links: true,
  provisions: true,
  lists: false,
  rotates: true,
  removes: true,
  endsSessions: true,
  needsClaim: false,
  payment: "token",
  ownership: "principal",
};
