import type { Json } from "../../util/canonical-json.ts";

/** A body and its HTTP status, before headers. */
export interface StripeAnswer {
  readonly status: number;
  readonly body: Json;
}

/** An error of the Stripe API (https://docs.stripe.com/api/errors). `message` never repeats what the caller sent. */
export function buildStripeError(input: {
  readonly status: number;
  readonly type: "invalid_request_error" | "api_error" | "card_error" | "idempotency_error";
  readonly message: string;
  readonly code?: string | undefined;
  readonly param?: string | undefined;
  readonly declineCode?: string | undefined;
  /** A declined payment carries its PaymentIntent inside the error. */
  readonly paymentIntent?: Json | undefined;
}): StripeAnswer {
  return {
    status: input.status,
    body: {
      error: {
        type: input.type,
        message: input.message,
        ...(input.code === undefined ? {} : { code: input.code }),
        ...(input.param === undefined ? {} : { param: input.param }),
        ...(input.declineCode === undefined ? {} : { decline_code: input.declineCode }),
        ...(input.paymentIntent === undefined ? {} : { payment_intent: input.paymentIntent }),
      },
    },
  };
}

/** A parameter that is missing, unknown or wrong: 400, and the idempotency layer stores nothing. */
export function buildParameterError(
  problem: "parameter_missing" | "parameter_unknown" | "parameter_invalid",
  param: string,
): StripeAnswer {
  return buildStripeError({
    status: 400,
    type: "invalid_request_error",
    code: problem === "parameter_invalid" ? undefined : problem,
    param,
    message: `${problem.replace("_", " ")}: ${param}`,
  });
}

/** An object that does not exist for this caller. */
export function buildMissingError(status: 400 | 404, what: string, param?: string): StripeAnswer {
  return buildStripeError({
    status,
    type: "invalid_request_error",
    code: "resource_missing",
    param,
    message: `No such ${what}`,
  });
}
