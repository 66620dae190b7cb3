import type { Json } from "../../util/canonical-json.ts";
import type { Money } from "../../util/money.ts";
import type { CaptureOutcome } from "./capture-payment.ts";
import type { FormParams } from "./form-params.ts";
import type { Operation } from "./operation.ts";
import type { IssuerContext } from "./payment-token.ts";
import { capture, findCard } from "./payments.ts";
import { readAmount, readCurrency } from "./read-amount.ts";
import {
  buildMissingError,
  buildParameterError,
  buildStripeError,
  type StripeAnswer,
} from "./stripe-answer.ts";

const TOKEN = "payment_method_data[shared_payment_granted_token]";
const CARD = ["number", "cvc", "exp_month", "exp_year"].map(
  (name) => `payment_method_data[card][${name}]`,
);
const NAMES = [
  ...["amount", "currency", "confirm", "description", TOKEN, "payment_method_data[type]"],
  ...CARD,
];
const MAPS = ["metadata", "expand", "payment_method_types", "automatic_payment_methods"];

/** A PaymentIntent and the account that made it. Collection `payment-intents`, by id. */
interface PaymentIntentRecord {
  readonly account: string;
  /** Sealed JSON of the object: it holds a client secret. */
  readonly sealed: string;
}

/** Create with confirmation in one call, and retrieve (https://docs.stripe.com/agentic-commerce/concepts/shared-payment-tokens). */
export function createPaymentIntentOperations(context: IssuerContext): readonly Operation[] {
  const intents = context.store.collection<PaymentIntentRecord>("payment-intents");
  return [
    {
      method: "POST",
      path: "/v1/payment_intents",
      isPreview: false,
      prepare({ params, caller, isPreviewVersion }) {
        const draft = readDraft(params, isPreviewVersion);
        if ("status" in draft) return draft;
        return () => {
          const id = `pi_${context.random(12)}`;
          const charged = draft.card === null ? draft.token : findCard(context, ...draft.card)?.id;
          const outcome: CaptureOutcome =
            caller.role === "seller" && charged !== undefined
              ? capture(context, {
                  id: charged,
                  provider: caller.provider,
                  accountId: null,
                  amount: draft.amount,
                  description: draft.description ?? "",
                  key: null,
                  paymentIntent: id,
                })
              : { ok: false, code: "token_missing" };
          const isMade = outcome.ok || outcome.code === "declined";
          if (!isMade) return refuse(outcome);
          const intent = printIntent(context, id, draft, outcome);
          intents.put(id, {
            account: caller.account,
            sealed: context.seal(JSON.stringify(intent)),
          });
          return outcome.ok ? { status: 200, body: intent } : refuse(outcome, intent);
        };
      },
    },
    {
      method: "GET",
      path: "/v1/payment_intents/:id",
      isPreview: false,
      prepare:
        ({ id, caller }) =>
        () => {
          const record = intents.get(id);
          if (record?.account !== caller.account)
            return buildMissingError(404, "payment_intent", "intent");
          return { status: 200, body: JSON.parse(context.unseal(record.sealed)) as Json };
        },
    },
  ];
}

interface Draft {
  readonly token: string;
  /** Number and code, when a card is charged instead. */
  readonly card: readonly [number: string, cvc: string] | null;
  readonly amount: Money;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

function readDraft(params: FormParams, isPreviewVersion: boolean): Draft | StripeAnswer {
  const unknown = params.findUnknown(NAMES, MAPS);
  if (unknown !== undefined) return buildParameterError("parameter_unknown", unknown);
  if (params.get(TOKEN) !== undefined && !isPreviewVersion)
    return buildParameterError("parameter_unknown", TOKEN);
  const card = params.get("payment_method_data[type]") === "card" ? readCard(params) : null;
  const means = card === null ? [TOKEN] : CARD;
  const absent = ["amount", "currency", "confirm", ...means].find(
    (name) => params.get(name) === undefined,
  );
  if (absent !== undefined) return buildParameterError("parameter_missing", absent);
  if (params.get("confirm") !== "true") return buildParameterError("parameter_invalid", "confirm");
  const minor = readAmount(params.get("amount"));
  if (minor === undefined) return buildParameterError("parameter_invalid", "amount");
  const currency = readCurrency(params.get("currency"));
  if (currency === undefined) return buildParameterError("parameter_invalid", "currency");
  return {
    token: params.get(TOKEN) ?? "",
    card,
    amount: { currency, minor },
    description: params.get("description") ?? null,
    metadata: params.map("metadata"),
  };
}

function readCard(params: FormParams): readonly [string, string] {
  const [number = "", cvc = ""] = CARD.map((name) => params.get(name));
  return [number, cvc];
}

function refuse(outcome: CaptureOutcome & { ok: false }, paymentIntent?: Json): StripeAnswer {
  if (outcome.code === "token_missing")
    return buildMissingError(400, "shared payment granted token", TOKEN);
  if (outcome.code === "declined")
    return buildStripeError({
      status: 402,
      type: "card_error",
      code: "card_declined",
      declineCode: "generic_decline",
      message: "Your card was declined.",
      paymentIntent,
    });
  return buildStripeError({
    status: 400,
    type: "invalid_request_error",
    code: `shared_payment_granted_token_${outcome.code.replace("token_", "")}`,
    param: TOKEN,
    message: "The shared payment token does not allow this payment.",
  });
}

function printIntent(
  context: IssuerContext,
  id: string,
  draft: Draft,
  outcome: CaptureOutcome,
): Json {
  const amount = Number(draft.amount.minor);
  return {
    id,
    object: "payment_intent",
    amount,
    amount_received: outcome.ok ? amount : 0,
    capture_method: "automatic",
    client_secret: context.mintSecret("client-secret", `${id}_secret_`),
    created: Math.floor(context.now() / 1000),
    currency: draft.amount.currency.toLowerCase(),
    description: draft.description,
    latest_charge: outcome.ok ? outcome.charge.chargeId : null,
    livemode: false,
    metadata: draft.metadata,
    payment_method: `pm_${context.random(12)}`,
    status: outcome.ok ? "succeeded" : "requires_payment_method",
  };
}
