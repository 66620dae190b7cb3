import type { Json } from "../../util/canonical-json.ts";
import type { AccountRecord, SandboxContext } from "../context.ts";
import { type CredentialRecord, credentialsOf } from "../issuer/credential.ts";
import type { ProfileDetail, UsageLimits } from "../issuer/stripe-profile.ts";
import { type ProvisioningAnswer, refuseProvisioning } from "./provisioning-answer.ts";
import type { ProvisioningCall } from "./provisioning-call.ts";

/** Stripe's own limit at each provider, until another one is set (https://docs.stripe.com/cli/projects/billing). */
const DEFAULT_LIMITS: UsageLimits = {
  currency: "usd",
  max_amount: "10000",
  recurring_interval: "month",
};

/** Limits of a connected account's means of payment. Collection `provisioning-profiles`, by connected account. */
interface ProfileRecord {
  readonly limits: UsageLimits;
  readonly byProvider: Readonly<Record<string, UsageLimits>>;
}

/** `GET /payment_profile`. */
export function showProfile(call: ProvisioningCall): ProvisioningAnswer {
  const { limits, byProvider } = readProfile(call);
  const providers = Object.entries(byProvider).map(([provider, usage_limits]) => ({
    provider,
    usage_limits: usage_limits as unknown as Json,
  }));
  return {
    status: 200,
    body: {
      object: "v2.provisioning.payment_profile",
      card_last4: "4242",
      livemode: false,
      payment_method_owner: "platform",
      providers,
      usage_limits: limits as unknown as Json,
    },
  };
}

/** `POST /payment_profile/update_limit`: of one provider, or of each that has no limit of its own. What was charged counts. */
export function updateLimit(call: ProvisioningCall): ProvisioningAnswer {
  const { context, body, connectedAccount, services } = call;
  const usageLimits = readLimits(body.usage_limits);
  if (usageLimits === undefined) return refuseProvisioning(400, "invalid_parameter");
  const { provider } = body;
  if (provider !== undefined && !services.some((one) => one.provider === provider))
    return refuseProvisioning(400, "unknown_provider");
  const before = readProfile(call);
  const next =
    provider === undefined
      ? { ...before, limits: usageLimits }
      : { ...before, byProvider: { ...before.byProvider, [String(provider)]: usageLimits } };
  context.store.collection<ProfileRecord>("provisioning-profiles").put(connectedAccount, next);
  const credentials = credentialsOf(context);
  for (const one of credentials.list()) {
    const detail = one.detail as ProfileDetail;
    if (one.issuer !== "stripe-provisioning" || detail.connectedAccount !== connectedAccount)
      continue;
    credentials.put(one.id, { ...one, detail: { ...detail, limits: limitAt(next, detail) } });
  }
  return showProfile(call);
}

/** Stripe pays for what an account orders: a provider charges the connected account's profile, whatever it was paid with before. */
export function shareProfile(call: ProvisioningCall, provider: string, accountId: string): void {
  const { context, connectedAccount } = call;
  const credentials = credentialsOf(context);
  const id = `pprof_${connectedAccount}_${provider}`;
  if (credentials.get(id) === undefined) {
    const limits = limitAt(readProfile(call), { provider });
    const detail: ProfileDetail = { connectedAccount, provider, limits };
    const record: CredentialRecord<ProfileDetail> = {
      ...{ id, issuer: "stripe-provisioning", status: "active", currency: null, captures: [] },
      createdAt: context.now(),
      detail,
    };
    credentials.put(id, record);
  }
  payWith(context, provider, accountId, id);
}

/** An account that is connected no more has nothing to pay with. */
export function withdrawProfile(context: SandboxContext, provider: string, id: string): void {
  payWith(context, provider, id, undefined);
}

function payWith(
  { store }: SandboxContext,
  provider: string,
  accountId: string,
  paymentToken: string | undefined,
): void {
  const accounts = store.collection<AccountRecord>("accounts");
  const account = accounts.get(`${provider}/${accountId}`);
  if (account !== undefined) accounts.put(`${provider}/${accountId}`, { ...account, paymentToken });
}

function readProfile({ context, connectedAccount }: ProvisioningCall): ProfileRecord {
  const profiles = context.store.collection<ProfileRecord>("provisioning-profiles");
  return profiles.get(connectedAccount) ?? { limits: DEFAULT_LIMITS, byProvider: {} };
}

function limitAt(
  { limits, byProvider }: ProfileRecord,
  { provider }: Pick<ProfileDetail, "provider">,
): UsageLimits {
  return byProvider[provider] ?? limits;
}

function readLimits(value: unknown): UsageLimits | undefined {
  const { currency, max_amount, recurring_interval } = Object(value) as Record<string, unknown>;
  if (typeof currency !== "string" || !/^[a-z]{3}$/.test(currency)) return undefined;
  if (typeof max_amount !== "string" || !/^\d{1,15}$/.test(max_amount)) return undefined;
  const interval = (["week", "month", "year"] as const).find((one) => one === recurring_interval);
  return interval && { currency, max_amount, recurring_interval: interval };
}
