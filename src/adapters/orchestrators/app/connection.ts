/** Where one provider's provisioning endpoints are, and how calls to them are signed. Secrets: never log. */
export interface AppConnection {
  /** Manifest id of the orchestrator that vouches, e.g. `stripe`. */
  readonly orchestrator: string;
  /** The orchestrator's account for us, e.g. `acct_...`. */
  readonly orchestratorAccount: string;
  readonly signingSecret: string;
  /** Base URL of the provider's endpoints; `/provisioning/...` and `/oauth/token` hang below. */
  readonly providerUrl: string;
}
