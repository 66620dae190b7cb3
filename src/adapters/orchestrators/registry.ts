/** Ids of the orchestrators that a manifest can name: Stripe, and one's own identity provider. */
export const ORCHESTRATOR_IDS: readonly string[] = ["stripe", "self"];
