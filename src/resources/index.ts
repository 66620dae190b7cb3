import * as pulumi from "@pulumi/pulumi";

const provider: pulumi.dynamic.ResourceProvider = {
  async create(inputs) {
    const m = await import("supercargo/resources/provider");
    return m.create(inputs);
  },
};
export class Thing extends pulumi.dynamic.Resource {
  declare readonly x: pulumi.Output<string>;
  constructor(name: string, args: { x: string }) {
    super(provider, name, { ...args, value: undefined });
  }
}
