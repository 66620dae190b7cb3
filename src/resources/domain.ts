import type * as pulumi from "@pulumi/pulumi";
import { type LeaseArgs, LeaseResource, type LeaseResourceOptions } from "./lease-resource.ts";

/**
 * A registered domain name. It is never replaced nor deleted: a change of its name or account is an error, and what
 * drops it from the stack leaves the registration alone.
 */
export class Domain extends LeaseResource<"domain"> {
  /** In A-label form. */
  declare readonly domain: pulumi.Output<string>;
  /** The zone that holds its records. */
  declare readonly zoneId: pulumi.Output<string>;
  /** RFC 3339, UTC. */
  declare readonly expiresAt: pulumi.Output<string>;
  /** Such as `10.44 USD`. */
  declare readonly pricePaid: pulumi.Output<string>;

  constructor(name: string, args: LeaseArgs<"domain">, options?: LeaseResourceOptions) {
    super(
      "domain",
      "Domain",
      name,
      args,
      { zoneId: undefined, expiresAt: undefined, pricePaid: undefined },
      { ...options, retainOnDelete: true },
    );
  }
}
