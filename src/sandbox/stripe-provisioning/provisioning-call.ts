import type { AccountRecord, SandboxContext } from "../context.ts";
import type { OrchestratorIdentity } from "../orchestrator/identities.ts";
import type { AccountCall, ProviderCall } from "../providers/provider-call.ts";
import type { ProviderService } from "../providers/provider-service.ts";
import { readProviderSettings } from "../providers/provider-settings.ts";

/** A call of the Provisioning API, after key, version and connected account were checked. */
export interface ProvisioningCall {
  readonly context: SandboxContext;
  readonly services: readonly ProviderService[];
  /** Who Stripe is at a provider. */
  readonly orchestrator: OrchestratorIdentity;
  readonly connectedAccount: string;
  readonly url: URL;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The call that Stripe makes at a provider for it; undefined for a provider that the catalogue does not have. */
export function callProvider(
  { context, services, orchestrator }: Omit<ProvisioningCall, "url" | "body">,
  provider: string,
  body: Readonly<Record<string, unknown>> = {},
): ProviderCall | undefined {
  const own = services.filter((service) => service.provider === provider);
  if (own.length === 0) return undefined;
  return {
    ...{ context, provider, orchestrator, body, idempotencyKey: undefined },
    services: new Map(own.map((service) => [service.id, service])),
    settings: readProviderSettings(context, provider),
  };
}

/** The same for an account; undefined where it is closed, too. */
export function callAccount(
  call: ProvisioningCall,
  provider: string,
  accountId: string,
  body: Readonly<Record<string, unknown>> = {},
): AccountCall | undefined {
  const provided = callProvider(call, provider, body);
  const account = call.context.store
    .collection<AccountRecord>("accounts")
    .get(`${provider}/${accountId}`);
  return provided === undefined || account?.closed !== false ? undefined : { ...provided, account };
}
