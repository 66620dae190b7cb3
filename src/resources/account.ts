import type * as pulumi from "@pulumi/pulumi";
import { type LeaseArgs, LeaseResource, type LeaseResourceOptions } from "./lease-resource.ts";

/** An account at a provider, opened for the principal through the first orchestrator that serves. */
export class Account extends LeaseResource<"account"> {
  /** The provider's own id. */
  declare readonly accountId: pulumi.Output<string>;
  /** The orchestrator that vouched for the principal. */
  declare readonly orchestrator: pulumi.Output<string>;
  /** Below it the provider serves apps without a domain of their own; undefined at providers that have none. */
  declare readonly appDomain: pulumi.Output<string | undefined>;

  constructor(name: string, args: LeaseArgs<"account">, options?: LeaseResourceOptions) {
    super(
      "account",
      "Account",
      name,
      args,
      { accountId: undefined, orchestrator: undefined, appDomain: undefined },
      options,
    );
  }
}
