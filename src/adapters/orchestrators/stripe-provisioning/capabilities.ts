import type { OrchestratorCapabilities } from "../contract.ts";

/** What the preview offers. It can't be told to link and never create, and lists no resources. */
export const CAPABILITIES: OrchestratorCapabilities = {
  links: false,
  provisions: true,
  lists: false,
  rotates: true,
  removes: true,
  endsSessions: true,
  needsClaim: false,
  payment: "own",
  ownership: "platform",
};
