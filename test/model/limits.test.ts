import { describe, expect, test } from "vitest";
import { HEAD } from "../manifest/read-text.ts";
import { buildText } from "./model-input.ts";

const usd = (minor: bigint) => ({ currency: "USD", minor });
const build = (lines: string, stack = "local", rules?: string) =>
  buildText(`${HEAD}resources: {}\n${lines}`, { stack, ...(rules === undefined ? {} : { rules }) });

describe("limits", () => {
  test("without a budget are those of the guardrails", () => {
    const { model } = build("");
    expect(model?.limits).toEqual(model?.guardrails.limits);
  });

  test("a monthly budget bounds everything that it contains", () => {
    const { model } = build(
      "budget: { monthly: 40 USD }\n",
      "local",
      "apiVersion: supercargo/v1\ncaps: { categories: { domains: 60 USD, email: 5 USD } }\n",
    );
    expect(model?.limits).toMatchObject({
      total: usd(4000n),
      perProvider: usd(4000n),
      perRun: usd(4000n),
      perTransaction: usd(4000n),
      categories: { domains: usd(4000n), email: usd(500n) },
      counts: { domains: 2 },
    });
    expect(model?.guardrails.limits.total).toEqual(usd(25_000n));
  });

  test("a monthly budget narrows the caps of project, stack and agent and the commitments, never widens them", () => {
    const { model } = build(
      "budget: { monthly: 40 USD }\n",
      "local",
      "apiVersion: supercargo/v1\ncaps: { perProject: 60 USD, perStack: 30 USD }\n",
    );
    expect(model?.limits).toMatchObject({
      perProject: usd(4000n),
      perStack: usd(3000n),
      perAgent: undefined,
      commitments: usd(48_000n),
    });
  });

  test("a stack narrows the manifest's budget for itself alone", () => {
    const lines = `budget: { monthly: 80 USD, perTransaction: 20 USD }
stacks:
  test: { budget: { monthly: 10 USD } }
  prod: {}
`;
    expect(build(lines, "test").model?.limits).toMatchObject({
      total: usd(1000n),
      perTransaction: usd(1000n),
    });
    expect(build(lines, "prod").model?.limits).toMatchObject({
      total: usd(8000n),
      perTransaction: usd(2000n),
    });
  });

  test("a wider budget is an error that shows both amounts, whoever is exceeded", () => {
    const messages = (lines: string, stack = "local") =>
      build(lines, stack).diagnostics.map(({ message }) => message);
    expect(messages("budget: { monthly: 300 USD, perRun: 100.01 USD }\n")).toEqual([
      "the budget of 300.00 USD is wider than the 250.00 USD that the guardrails allow for a month",
      "the budget of 100.01 USD is wider than the 100.00 USD that the guardrails allow for one run",
    ]);
    expect(
      messages(
        "budget: { monthly: 60 USD }\nstacks: { prod: { budget: { monthly: 61 USD } } }\n",
        "prod",
      ),
    ).toEqual([
      "the budget of 61.00 USD is wider than the 60.00 USD that guardrails and manifest allow for a month",
    ]);
  });

  test("the budget of another stack is not looked at", () => {
    expect(build("stacks: { prod: { budget: { monthly: 999 USD } } }\n").codes).toEqual([]);
  });

  test("another currency is an error, of a budget and of a domain's price", () => {
    expect(build("budget: { monthly: 60 EUR }\n").codes).toEqual(["SC3017"]);
    const { codes } = buildText(
      `${HEAD}resources:\n  a: { kind: domain, domain: example.com, maxPrice: 12 EUR }\n`,
    );
    expect(codes).toEqual(["SC3017"]);
  });
});
