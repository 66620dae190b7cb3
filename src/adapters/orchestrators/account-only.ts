import type { Orchestrator, ResourceAnswer } from "./contract.ts";

const UNSUPPORTED: ResourceAnswer = { kind: "refused", code: "unsupported" };

/** An orchestrator that opens accounts and provisions nothing in them: that is the vendor's own API's to do. */
export function createAccountOnly(
  methods: Pick<Orchestrator, "id" | "capabilities" | "isHealthy" | "requestAccount"> &
    Partial<Pick<Orchestrator, "refresh" | "endSession">>,
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
