import type * as pulumi from "@pulumi/pulumi";
import { type LeaseArgs, LeaseResource, type LeaseResourceOptions } from "./lease-resource.ts";

/** Random bytes made by the broker. */
export class GeneratedSecret extends LeaseResource<"secret"> {
  /** Secret: base64url without padding. */
  declare readonly value: pulumi.Output<string>;

  constructor(name: string, args: LeaseArgs<"secret">, options?: LeaseResourceOptions) {
    super("secret", "GeneratedSecret", name, args, { value: undefined }, options);
  }
}
