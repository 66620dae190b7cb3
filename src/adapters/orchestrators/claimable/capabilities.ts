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
