import type { JsonWebKey } from "node:crypto";

/** Where one provider's provisioning endpoints are, and how calls to them are signed. Secrets: never log. */
export interface AppConnection {
  /** Manifest id of the orchestrator that vouches, e.g. `stripe`. */
  readonly orchestrator: string;
  /** The orchestrator's account for us, e.g. `acct_...`. */
  readonly orchestratorAccount: string;
  readonly signingSecret: string;
  /** Private Ed25519 key of the second signature, as JWK, and its id in the orchestrator's public keys; without both there is the first one alone. */
  readonly keyId?: string | undefined;
  readonly signingKey?: JsonWebKey | undefined;
  /** Our own id at providers that know us as a public client: codes are then bound to us by PKCE (RFC 7636). Default none. */
  readonly clientId?: string | undefined;
  /** Base URL of the provider's endpoints; `/provisioning/...` and `/oauth/token` hang below. */
  readonly providerUrl: string;
}
