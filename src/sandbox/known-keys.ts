import type { SellerEntry } from "./admin.ts";
import type { Caller } from "./issuer/operation.ts";
import type { Keyring } from "./keyring.ts";
import { deriveProviderToken, type OrchestratorIdentity } from "./orchestrator/identities.ts";
import { deriveSellerProfile } from "./seller-profile.ts";

/** Whose API keys the issuer and the orchestrator accept. */
export interface KnownKeys {
  /** The orchestrator's secret key at the issuer. */
  readonly issuerKey: string;
  findCaller(key: string): Caller | undefined;
  findByProviderToken(token: string): OrchestratorIdentity | undefined;
  listSellers(): Readonly<Record<string, SellerEntry>>;
}

/** Derives the keys of all providers. */
export function deriveKnownKeys(input: {
  readonly keyring: Keyring;
  readonly identities: readonly OrchestratorIdentity[];
  readonly providers: readonly string[];
}): KnownKeys {
  const { keyring, identities, providers } = input;
  const issuerKey = keyring.deriveSecret("stripe-secret-key", "sk_test_");
  const callers = new Map<string, Caller>();
  const tokens = new Map<string, OrchestratorIdentity>();
  const sellers: Record<string, SellerEntry> = {};
  callers.set(issuerKey, { role: "issuer", account: identities[0]?.account ?? "" });
  for (const provider of providers) {
    const secretKey = keyring.deriveSecret(`seller:${provider}`, "sk_test_");
    const profile = deriveSellerProfile(provider);
    const account = `acct_1${keyring.deriveId(`seller:${provider}`, 15)}`;
    callers.set(secretKey, { role: "seller", account, provider, profile });
    const orchestratorTokens: Record<string, string> = {};
    for (const identity of identities) {
      const token = deriveProviderToken(keyring, identity.id, provider);
      tokens.set(token, identity);
      orchestratorTokens[identity.id] = token;
    }
    sellers[provider] = { profile, secretKey, orchestratorTokens };
  }
  return {
    issuerKey,
    findCaller: (key) => callers.get(key),
    findByProviderToken: (token) => tokens.get(token),
    listSellers: () => sellers,
  };
}
