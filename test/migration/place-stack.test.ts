import { describe, expect, test } from "vitest";
import { placeStack } from "../../src/migration/place-stack.ts";

function place(text: string): string {
  const file = { path: "supercargo.yaml", bytes: new TextEncoder().encode(text) };
  return new TextDecoder().decode(placeStack(file, "local", "container").bytes);
}

describe("the manifest's word for where a stack goes", () => {
  test.each([
    [
      "stacks:\n  local: {} # the sandbox\n",
      "stacks:\n  local: { provider: container } # the sandbox\n",
    ],
    [
      "a: 1 # one\nstacks:\n  prod: { provider: x }\n",
      "a: 1 # one\nstacks:\n  prod: { provider: x }\n  local:\n    provider: container\n",
    ],
    ["stacks: { local: { provider: x } }\n", "stacks: { local: { provider: container } }\n"],
    ["a: 1\n", "a: 1\nstacks:\n  local:\n    provider: container\n"],
    ["stacks: 3\n", "stacks: 3\n"],
    ["[not a manifest\n", "[not a manifest\n"],
  ])("%j becomes %j", (before, after) => {
    expect(place(before)).toBe(after);
    expect(place(after)).toBe(after);
  });
});
