import { Secret } from "../../../util/secret.ts";
import type { AccountAnswer } from "../contract.ts";
import type { Connection } from "./find-connection.ts";
import { openPlan } from "./open-plan.ts";
import type { StripeProvisioningOptions } from "./options.ts";

/** Neither a connection nor, mostly, a credential has an end that Stripe tells; both are looked at again after this. */
const SESSION_MS = 24 * 3_600_000;
const ACCOUNT = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/;
const TOKEN = /^[\x21-\x7e]{8,4096}$/;

/**
 * The session of a connection. Its refresh token is the connection's id; its access token is the credential that the provider's free plan reveals, or that id again
 * where no plan does. `mayMake`: the plan is bought, for nothing, where it is not there.
 */
export async function openSession(
  options: StripeProvisioningOptions,
  { id, accountId }: Connection,
  mayMake: boolean,
): Promise<AccountAnswer> {
  const refreshToken = new Secret(id);
  const end = options.now() + SESSION_MS;
  const answer = (accessToken: Secret, until: number): AccountAnswer => {
    const expiresAt = new Date(until).toISOString();
    return { kind: "connected", credentials: { accountId, accessToken, refreshToken, expiresAt } };
  };
  if (options.plan === undefined) return answer(refreshToken, end);
  const plan = await openPlan(options, options.plan, mayMake);
  // There is an account, so nothing that the plan lacks may say that there is none.
  if (plan.kind !== "complete")
    return { kind: "unknown", code: "code" in plan ? plan.code : `plan_${plan.kind}` };
  const { ACCOUNT_ID: account, API_TOKEN: token } = plan.access;
  if (account === undefined || token === undefined || !ACCOUNT.test(account.reveal()))
    return { kind: "unknown", code: "malformed" };
  if (!TOKEN.test(token.reveal())) return { kind: "unknown", code: "malformed" };
  if (account.reveal() !== accountId) return { kind: "unknown", code: "account_mismatch" };
  return answer(token, Math.min(end, plan.until ?? end));
}
