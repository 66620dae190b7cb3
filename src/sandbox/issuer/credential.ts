import { formatMoney, type Money } from "../../util/money.ts";
import type { SandboxContext } from "../context.ts";
import type { CaptureOutcome, ChargeRecord } from "./capture-payment.ts";
import { convertMoney } from "./convert-money.ts";

/** Issuers other than Stripe's shared payment tokens. */
export type CredentialIssuer =
  | "adyen"
  | "stripe-issuing"
  | "braintree"
  | "paypal"
  | "invoice"
  | "stripe-provisioning";

/** Something that a provider can be paid with: a card, a grant, an agreement. Collection `payment-credentials`, by id. Amounts are minor units as text. */
export interface CredentialRecord<D = unknown> {
  readonly id: string;
  readonly issuer: CredentialIssuer;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** In the issuer's own words. */
  readonly status: string;
  /** ISO 4217; null where the issuer does not mind. */
  readonly currency: string | null;
  /** In the credential's currency, where it has one. */
  readonly captures: readonly {
    readonly chargeId: string;
    readonly amount: string;
    readonly currency: string;
    readonly at: number;
  }[];
  /** What only its issuer knows of it. */
  readonly detail: D;
}

export type CredentialContext = Pick<SandboxContext, "store" | "now" | "random">;

/** Why a charge is declined; undefined when it is not. */
export type RefuseCharge<D> = (
  credential: CredentialRecord<D>,
  charge: {
    readonly provider: string;
    readonly amount: Money;
    /** The amount in the credential's currency. */
    readonly debit: Money;
    readonly now: number;
  },
) => (CaptureOutcome & { readonly ok: false })["code"] | undefined;

export function credentialsOf(context: Pick<SandboxContext, "store">) {
  return context.store.collection<CredentialRecord>("payment-credentials");
}

/** Takes an amount with a credential, all or nothing; an amount in another currency is converted into the credential's. */
export function captureCredential<D>(
  context: CredentialContext,
  credential: CredentialRecord<D>,
  refuse: RefuseCharge<D>,
  input: {
    readonly provider: string;
    readonly accountId: string | null;
    readonly amount: Money;
    readonly description: string;
    readonly key: string | null;
    readonly paymentIntent: string;
  },
): CaptureOutcome {
  return context.store.transaction((): CaptureOutcome => {
    const { amount, provider } = input;
    const at = context.now();
    const debit = credential.currency === null ? amount : convertMoney(amount, credential.currency);
    if (debit === undefined) return { ok: false, code: "currency_mismatch" };
    const code = refuse(credential, { provider, amount, debit, now: at });
    if (code !== undefined) return { ok: false, code };
    const chargeId = `ch_${context.random(12)}`;
    const capture = { chargeId, amount: `${debit.minor}`, currency: debit.currency, at };
    const next = { ...credential, captures: [...credential.captures, capture] };
    credentialsOf(context).put(credential.id, next);
    const charge: ChargeRecord = {
      chargeId,
      paymentIntent: input.paymentIntent,
      paymentToken: credential.id,
      provider,
      accountId: input.accountId,
      amount: formatMoney(amount),
      description: input.description,
      key: input.key,
      at: new Date(at).toISOString(),
    };
    context.store.collection<ChargeRecord>("charges").put(chargeId, charge);
    return { ok: true, charge };
  });
}

/** Minor units taken at or after `since` (milliseconds), by default ever. */
export function sumCredential({ captures }: CredentialRecord, since = 0): bigint {
  return captures.reduce((sum, { at, amount }) => (at >= since ? sum + BigInt(amount) : sum), 0n);
}
