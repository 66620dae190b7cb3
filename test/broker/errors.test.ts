import { describe, expect, it } from "vitest";
import { BROKER_ERRORS, type BrokerErrorCode, fail } from "../../src/broker/errors.ts";

describe("the broker's errors", () => {
  it.each(Object.entries(BROKER_ERRORS))(
    "%s speaks one plain sentence and says what to do",
    (code, { message, remedy }) => {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(message).toMatch(/^[a-z{][\x20-\x7e]*[^.\s]$/);
      expect(remedy).toMatch(/^[A-Z][\x20-\x7e]*\.$/);
    },
  );

  it("show no text that is not plain and short", () => {
    const { message } = fail("not_permitted", { verb: "\u202egnirts", kind: "x".repeat(200) });
    expect(message).toBe("the guardrails do not permit `?` of `?`");
  });

  it("do not read the values for holes of their own", () => {
    const { message } = fail("not_permitted", { verb: "{kind}", kind: "domain" });
    expect(message).toBe("the guardrails do not permit `{kind}` of `domain`");
  });

  it("fill every hole of every message", () => {
    const values = Object.fromEntries(
      "verb kind scope amount cap limit count price maximum charged held until orchestrator"
        .split(" ")
        .map((name) => [name, "value"]),
    );
    const failWith = fail as unknown as (
      code: BrokerErrorCode,
      values: object,
    ) => { message: string };
    for (const code of Object.keys(BROKER_ERRORS) as BrokerErrorCode[])
      expect(failWith(code, values).message).not.toMatch(/[{}?]/);
  });
});
