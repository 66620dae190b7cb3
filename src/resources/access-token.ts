import type * as pulumi from "@pulumi/pulumi";
import { type LeaseArgs, LeaseResource, type LeaseResourceOptions } from "./lease-resource.ts";

/** An expiring API token with the least rights that the stack needs. */
export class AccessToken extends LeaseResource<"access-token"> {
  /** The provider's id of the token. */
  declare readonly tokenId: pulumi.Output<string>;
  /** Secret. */
  declare readonly value: pulumi.Output<string>;
  /** Base URL of the provider's API, without a final slash. */
  declare readonly endpoint: pulumi.Output<string>;

  constructor(name: string, args: LeaseArgs<"access-token">, options?: LeaseResourceOptions) {
    super(
      "access-token",
      "AccessToken",
      name,
      args,
      { tokenId: undefined, value: undefined, endpoint: undefined },
      options,
    );
  }
}
