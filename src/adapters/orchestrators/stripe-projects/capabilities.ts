import type { OrchestratorCapabilities } from "../contract.ts";

/** What the CLI offers. Stripe charges its own billing method, under the limit that `billing update` sets. */
export const CAPABILITIES: OrchestratorCapabilities = {
  links: true,
  provisions: true,
  lists: true,
  rotates: true,
  removes: true,
  endsSessions: true,
  needsClaim: false,
  payment: "own",
  ownership: "principal",
};
