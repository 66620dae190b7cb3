import type { Operation } from "./operation.ts";
import {
  deactivateToken,
  type IssuerContext,
  loadPaymentToken,
  type PaymentToken,
} from "./payment-token.ts";
import { printGrantedToken, printIssuedToken } from "./print-token.ts";
import { readTokenDraft } from "./read-token-draft.ts";
import { buildMissingError, buildParameterError, type StripeAnswer } from "./stripe-answer.ts";

const TOKENS = "/v1/shared_payment/issued_tokens";
/** Cards of Stripe's test set whose holder must act before the first payment (https://docs.stripe.com/testing). */
const METHODS_NEEDING_ACTION = ["pm_card_authenticationRequired", "pm_card_threeDSecureRequired"];

/** Create, retrieve and revoke for the issuer; retrieve for the seller (https://docs.stripe.com/api/shared-payment/issued-token). */
export function createTokenOperations(context: IssuerContext): readonly Operation[] {
  const tokens = context.store.collection<PaymentToken>("payment-tokens");
  const print = (token: PaymentToken): StripeAnswer => ({
    status: 200,
    body: printIssuedToken(token, context.controlUrl),
  });
  const missing = buildMissingError(404, "shared payment token", "id");
  return [
    createIssueOperation(context),
    {
      method: "GET",
      path: `${TOKENS}/:id`,
      isPreview: true,
      prepare:
        ({ id, caller }) =>
        () => {
          const token = caller.role === "issuer" ? loadPaymentToken(context, id) : undefined;
          return token === undefined ? missing : print(token);
        },
    },
    {
      method: "POST",
      path: `${TOKENS}/:id/revoke`,
      isPreview: true,
      prepare({ id, caller, params }) {
        const unknown = params.findUnknown([], ["expand"]);
        if (unknown !== undefined) return buildParameterError("parameter_unknown", unknown);
        return () => {
          const token = caller.role === "issuer" ? loadPaymentToken(context, id) : undefined;
          if (token === undefined) return missing;
          const revoked = deactivateToken(token, "revoked", context.now());
          tokens.put(id, revoked);
          return print(revoked);
        };
      },
    },
    {
      method: "GET",
      path: "/v1/shared_payment/granted_tokens/:id",
      isPreview: true,
      prepare:
        ({ id, caller }) =>
        () => {
          const token = loadPaymentToken(context, id);
          if (caller.role !== "seller" || token?.sellerProfile !== caller.profile) return missing;
          return { status: 200, body: printGrantedToken(token) };
        },
    },
  ];
}

function createIssueOperation(context: IssuerContext): Operation {
  const missing = buildMissingError(400, "PaymentMethod", "payment_method");
  return {
    method: "POST",
    path: TOKENS,
    isPreview: true,
    prepare({ params, caller }) {
      const draft = readTokenDraft(params, context.now());
      if ("status" in draft) return draft;
      return () => {
        const { paymentMethod } = draft;
        if (caller.role !== "issuer" || !paymentMethod.startsWith("pm_card_")) return missing;
        const needsAction = METHODS_NEEDING_ACTION.includes(paymentMethod);
        const token: PaymentToken = {
          ...draft,
          id: context.mintSecret("shared-payment-token", "spt_"),
          createdAt: context.now(),
          status: needsAction ? "requires_action" : "active",
          deactivatedAt: null,
          deactivatedReason: null,
          captures: [],
        };
        context.store.collection<PaymentToken>("payment-tokens").put(token.id, token);
        return { status: 200, body: printIssuedToken(token, context.controlUrl) };
      };
    },
  };
}
