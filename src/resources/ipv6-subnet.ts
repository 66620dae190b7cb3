import * as pulumi from "@pulumi/pulumi";

/** The `index`th network of 64 bits in a block of 56 bits: `2001:db8:0:1200::/56`, 1 -> `2001:db8:0:1201::/64`. */
export function ipv6Subnet(block: pulumi.Input<string>, index: number): pulumi.Output<string> {
  return pulumi.output(block).apply((text) => {
    const [start = ""] = text.split("::");
    const groups = [...start.split(":"), "0", "0", "0"].slice(0, 4);
    const last = Number.parseInt(groups[3] ?? "", 16) + index;
    if (!/^[\da-f:]+::\/56$/i.test(text) || index < 0 || index > 255)
      throw new Error("not the block of a network");
    return `${groups.slice(0, 3).join(":")}:${last.toString(16)}::/64`;
  });
}
