import type { Orchestrator, ResourceAnswer } from "./contract.ts";

const UNSUPPORTED: ResourceAnswer = { kind: "refused", code: "unsupported", unsent: true };

/** An orchestrator that opens accounts and provisions nothing in them but by what `methods` have: the rest is the vendor's own API's to do. */
export function createAccountOnly(
  methods: Pick<Orchestrator, "id" | "capabilities" | "isHealthy" | "requestAccount"> &
    Partial<
      Pick<
        Orchestrator,
        | "refresh"
        | "endSession"
        | "dropRequest"
        | "makesAnother"
        | "makeClaimLink"
        | "createResource"
        | "readResource"
        | "removeResource"
      >
    >,
): Orchestrator {
  return {
    refresh: async () => ({ kind: "refused", code: "no_refresh_token" }),
    createResource: async () => UNSUPPORTED,
    presentPayment: async () => UNSUPPORTED,
    readResource: async () => UNSUPPORTED,
    rotateResource: async () => UNSUPPORTED,
    removeResource: async () => UNSUPPORTED,
    ...methods,
  };
}
