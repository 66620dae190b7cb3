import * as pulumi from "@pulumi/pulumi";
import { type LeaseInputs, type LeaseKind, SECRET_OUTPUTS } from "../broker/protocol.ts";
import { shim } from "./shim.ts";

/** `T` where every part may still be an output of another resource. */
export type LeaseInput<T> = pulumi.Input<
  T extends readonly (infer E)[]
    ? readonly LeaseInput<E>[]
    : T extends object
      ? { readonly [F in keyof T]: LeaseInput<T[F]> }
      : T
>;

/** Arguments of the resource of one kind: the broker's inputs, field by field. */
export type LeaseArgs<K extends LeaseKind> = {
  readonly [F in keyof LeaseInputs[K]]: LeaseInput<LeaseInputs[K][F]>;
};

/** Options of our resources; the provider is fixed, so it cannot be given. */
export type LeaseResourceOptions = Omit<pulumi.CustomResourceOptions, "provider">;

/** Output names of a kind, which Pulumi needs in the arguments to make them properties. */
type OutputNames = Readonly<Record<string, undefined>>;

/**
 * What our resources have in common: they name their kind and their identity, share one constant provider, and mark
 * their secret outputs, which Pulumi otherwise stores in clear (an output that is no input has no secretness to inherit).
 */
export abstract class LeaseResource<K extends LeaseKind> extends pulumi.dynamic.Resource {
  constructor(
    kind: K,
    type: string,
    name: string,
    args: LeaseArgs<K>,
    outputs: OutputNames,
    options: LeaseResourceOptions | undefined,
  ) {
    const identity = {
      project: pulumi.getProject(),
      stack: pulumi.getStack(),
      resource: name,
    };
    const secrets = { additionalSecretOutputs: [...SECRET_OUTPUTS[kind]] };
    super(
      shim,
      name,
      { ...outputs, ...args, kind, identity },
      pulumi.mergeOptions(options, secrets),
      "supercargo",
      type,
    );
  }
}
