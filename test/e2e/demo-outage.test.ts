import { expect, test } from "vitest";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { PROJECT_ROOT, runCli } from "../support/run-cli.ts";

test("Stripe goes away in the middle of up: another orchestrator and another issuer finish it, with one account and one payment", {
  timeout: 600_000,
}, async () => {
  const { stdout } = await runCli(["demo", "outage", "--json"], { cwd: PROJECT_ROOT });
  const envelope = readEnvelope(stdout);
  expect(envelope).toMatchObject({
    ok: true,
    data: {
      orchestrator: "self",
      issuer: "adyen",
      accounts: 1,
      paymentTokens: 1,
      charges: ["10.44 USD: Registration of example-shop.com"],
    },
  });
  const { story } = (envelope.ok ? envelope.data : {}) as unknown as {
    readonly story: readonly { readonly what: string }[];
  };
  const told = story.map(({ what }) => what);
  const asked = told.findIndex((what) => what.includes("asks stripe for an account"));
  const reached = told.findIndex((what) => what.includes("through self"));
  expect(asked).toBeGreaterThanOrEqual(0);
  expect(reached).toBeGreaterThan(asked);
  expect(told.some((what) => what.includes("asks adyen for a payment token"))).toBe(true);
});
