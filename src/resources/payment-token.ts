import type * as pulumi from "@pulumi/pulumi";
import { type LeaseArgs, LeaseResource, type LeaseResourceOptions } from "./lease-resource.ts";

/** Means to pay at one provider up to a cap. The token itself stays with the broker; the outputs only name it. */
export class PaymentToken extends LeaseResource<"payment-token"> {
  /** The broker's lease, not the token. */
  declare readonly paymentTokenId: pulumi.Output<string>;
  /** The payment partner that issued it. */
  declare readonly issuer: pulumi.Output<string>;
  /** RFC 3339, UTC. */
  declare readonly expiresAt: pulumi.Output<string>;

  constructor(name: string, args: LeaseArgs<"payment-token">, options?: LeaseResourceOptions) {
    super(
      "payment-token",
      "PaymentToken",
      name,
      args,
      { paymentTokenId: undefined, issuer: undefined, expiresAt: undefined },
      options,
    );
  }
}
