import type * as pulumi from "@pulumi/pulumi";
import { type LeaseArgs, LeaseResource, type LeaseResourceOptions } from "./lease-resource.ts";

/** A service of the catalogue, set up through the provisioning protocol. */
export class ServiceInstance extends LeaseResource<"service-instance"> {
  /** The provider's id of the instance. */
  declare readonly instanceId: pulumi.Output<string>;
  declare readonly status: pulumi.Output<string>;
  /** Secret: named as the provider names them. */
  declare readonly credentials: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(name: string, args: LeaseArgs<"service-instance">, options?: LeaseResourceOptions) {
    super(
      "service-instance",
      "ServiceInstance",
      name,
      args,
      { instanceId: undefined, status: undefined, credentials: undefined },
      options,
    );
  }
}
