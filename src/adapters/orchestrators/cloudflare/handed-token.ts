import type { Secret } from "../../../util/secret.ts";
import { createAccountOnly } from "../account-only.ts";
import type { Orchestrator } from "../contract.ts";
import { type ApiPlace, readEmail } from "./api.ts";
import { TOKEN_CAPABILITIES } from "./capabilities.ts";
import { openAccount } from "./open-account.ts";

export interface HandedTokenOptions extends ApiPlace {
  /** A person's own API token (an account-owned one can't make accounts). */
  readonly token: Secret;
  /** Makes a standalone free account for each request instead of opening the person's; default false. */
  readonly createsAccounts?: boolean | undefined;
}

/** The token does not die with it; what is handed on is looked at again after this. */
const LEASE_MS = 3_600_000;

/** A token that a person made in the dashboard and handed over. */
export function createHandedToken(options: HandedTokenOptions): Orchestrator {
  const { token, now, createsAccounts: creates = false } = options;
  return createAccountOnly({
    id: "cloudflare-token",
    capabilities: TOKEN_CAPABILITIES,
    isHealthy: async () => typeof (await readEmail(options, token)) === "string",
    async requestAccount(request) {
      const expiresAt = new Date(now() + LEASE_MS).toISOString();
      const answer = await openAccount(options, request, { token, expiresAt, creates });
      if (answer.kind !== "connected") return answer;
      return { ...answer, credentials: { ...answer.credentials, livesOn: true } };
    },
  });
}
