import type { FormParams } from "./form-params.ts";
import type { StripeAnswer } from "./stripe-answer.ts";

/** Whose API key it is. */
export type Caller =
  /** The orchestrator's account, which issues tokens. */
  | { readonly role: "issuer"; readonly account: string }
  /** A provider's account, which charges them. */
  | {
      readonly role: "seller";
      readonly account: string;
      readonly provider: string;
      readonly profile: string;
    };

/** One endpoint of the Stripe API. */
export interface Operation {
  readonly method: "GET" | "POST";
  /** With `:id` for the object's id. */
  readonly path: string;
  /** True when it exists under a preview version alone. */
  readonly isPreview: boolean;
  /**
   * Looks at the parameters alone. An answer is a validation failure, which the idempotency layer does not store; a function does the work, and what
   * it answers is stored.
   */
  prepare(input: {
    readonly params: FormParams;
    readonly id: string;
    readonly caller: Caller;
    readonly isPreviewVersion: boolean;
    readonly url: URL;
  }): StripeAnswer | (() => StripeAnswer);
}
