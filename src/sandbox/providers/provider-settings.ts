import type { SandboxContext } from "../context.ts";

/** How a provider behaves where the protocol leaves a choice. Changed by `POST /sandbox/providers/<provider>`. */
export interface ProviderSettings {
  /** Answer to a request for a new account. Default `credentials`; PostHog's is `oauth`, as its shipped code does. */
  readonly accountAnswer: "credentials" | "oauth";
  /** True refuses every new account with `account_creation_failed`. Default false. */
  readonly refusesAccounts: boolean;
  /** Life of a bearer in seconds. Default 30 days. */
  readonly bearerSeconds: number;
  /** How long a resource stays `pending`, in milliseconds of the sandbox's clock. Default 0: complete at once. */
  readonly provisionMs: number;
  /** Answer to a removal: `pending` says `pending_removal` and lets a later read show `removed`; `immediate` says `removed`. Default `pending`. */
  readonly removal: "pending" | "immediate";
  /** How long a pending removal takes, in milliseconds of the sandbox's clock. Default 0: the next read shows it. */
  readonly removalMs: number;
  /** True needs `Stripe-Signature-V2` on every call. Default false: it is verified when sent. */
  readonly needsSignatureV2: boolean;
  /** Default true. */
  readonly hasDeepLinks: boolean;
  /** True opens an existing account to whoever vouches for its verified e-mail address; default false: the person is asked. */
  readonly linksVerifiedEmails: boolean;
  /** How long a connection request at Stripe's Provisioning API stays `requested`, in milliseconds of the sandbox's clock. Default 0: the first look shows what came of it. */
  readonly connectionMs: number;
  /** True asks for information first (`needs_information`) at Stripe's Provisioning API. Default false. */
  readonly connectionAsks: boolean;
}

const DEFAULTS: ProviderSettings = {
  accountAnswer: "credentials",
  refusesAccounts: false,
  bearerSeconds: 30 * 24 * 60 * 60,
  provisionMs: 0,
  removal: "pending",
  removalMs: 0,
  needsSignatureV2: false,
  hasDeepLinks: true,
  linksVerifiedEmails: false,
  connectionMs: 0,
  connectionAsks: false,
};

/** The settings in force. */
export function readProviderSettings(
  context: Pick<SandboxContext, "store">,
  provider: string,
): ProviderSettings {
  const changed = context.store
    .collection<Partial<ProviderSettings>>("provider-settings")
    .get(provider);
  const own: Partial<ProviderSettings> = provider === "posthog" ? { accountAnswer: "oauth" } : {};
  return { ...DEFAULTS, ...own, ...changed };
}

/** Changes some settings; answers with a sentence when the change is not one. */
export function changeProviderSettings(
  context: Pick<SandboxContext, "store">,
  provider: string,
  change: unknown,
): ProviderSettings | { readonly problem: string } {
  if (typeof change !== "object" || change === null)
    return { problem: "the body is not an object" };
  for (const [name, value] of Object.entries(change)) {
    const usual = Object.entries(DEFAULTS).find(([known]) => known === name)?.[1];
    if (usual === undefined) return { problem: `unknown setting: ${name}` };
    if (typeof value !== typeof usual) return { problem: `${name} is a ${typeof usual}` };
    if (typeof value === "number" && !(Number.isSafeInteger(value) && value >= 0))
      return { problem: `${name} is a whole number from 0` };
    if (name === "accountAnswer" && value !== "credentials" && value !== "oauth")
      return { problem: "accountAnswer is credentials or oauth" };
    if (name === "removal" && value !== "pending" && value !== "immediate")
      return { problem: "removal is pending or immediate" };
  }
  const next = { ...readProviderSettings(context, provider), ...change } as ProviderSettings;
  context.store.collection<ProviderSettings>("provider-settings").put(provider, next);
  return next;
}
