import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { ipv6Subnet } from "../../src/resources/index.ts";

const read = (output: pulumi.Output<string>) =>
  new Promise<string>((resolve) => void output.apply(resolve));

test.each([
  ["2001:db8:0:1200::/56", 0, "2001:db8:0:1200::/64"],
  ["2001:db8:0:1200::/56", 255, "2001:db8:0:12ff::/64"],
  ["2001:db8::/56", 1, "2001:db8:0:1::/64"],
])("in %s the network %i is %s", async (block, index, expected) => {
  expect(await read(ipv6Subnet(pulumi.output(block), index))).toBe(expected);
});
