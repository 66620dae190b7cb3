import { format, inspect } from "node:util";
import { expect, it } from "vitest";
import { Secret } from "../../src/util/secret.ts";

it("a secret prints as [secret] wherever it is not revealed on purpose", () => {
  const secret = new Secret("hunter2-very-secret");
  const prints = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ a: [secret] }),
    format("%s %o %j", secret, secret, secret),
  ];
  for (const print of prints) {
    expect(print).toContain("[secret]");
    expect(print).not.toContain("hunter2");
  }
  expect(secret.reveal()).toBe("hunter2-very-secret");
});
