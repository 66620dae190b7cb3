import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { manifestArbitrary } from "../arbitraries/manifest.ts";
import { measureCpu } from "../manifest/cpu-time.ts";
import { HEAD, read } from "../manifest/read-text.ts";
import { buildResources, buildText } from "./model-input.ts";

/** Every object below a value. */
function* objectsOf(value: unknown): Generator<object> {
  if (typeof value !== "object" || value === null) return;
  yield value;
  for (const member of Object.values(value)) yield* objectsOf(member);
}

describe("buildModel", () => {
  test("a generated manifest always gives a model, frozen to the last object", () => {
    fc.assert(
      fc.property(manifestArbitrary, fc.constantFrom("local", "prod"), (text, stack) => {
        const { model, diagnostics } = buildText(text, { stack });
        expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
        expect(model).toBeDefined();
        for (const object of objectsOf(model)) expect(Object.isFrozen(object)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("the same manifest gives the same model", () => {
    fc.assert(
      fc.property(manifestArbitrary, (text) => {
        expect(buildText(text).model).toEqual(buildText(text).model);
      }),
      { numRuns: 50 },
    );
  });

  test("names, order and dependencies agree", () => {
    fc.assert(
      fc.property(manifestArbitrary, (text) => {
        const { model } = buildText(text);
        const names = model?.resources.map(({ name }) => name) ?? [];
        expect(names).toEqual(Object.keys(read(text).value?.data.resources ?? {}));
        expect(model?.order.toSorted()).toEqual(names.toSorted());
        for (const { dependsOn } of model?.resources ?? []) {
          expect(dependsOn).toEqual([...new Set(dependsOn)].sort());
          for (const name of dependsOn) expect(names).toContain(name);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("carries who acts for whom, in order of preference", () => {
    const { model } = buildText(
      `${HEAD}orchestrator: [self, stripe]\npayment: [adyen, stripe]\nresources: {}\n`,
    );
    expect(model).toMatchObject({
      name: "shop",
      stack: "local",
      principal: { email: "founder@example.com" },
      agent: { id: "build-bot" },
      orchestrators: ["self", "stripe"],
      issuers: ["adyen", "stripe"],
      digests: { manifest: "a".repeat(64) },
    });
  });

  test("unknown orchestrators and issuers are checked where the known ones are given", () => {
    const text = `${HEAD}payment: [stripe, adyne]\nresources: {}\n`;
    expect(buildText(text).codes).toEqual([]);
    const { codes, diagnostics } = buildText(text, { issuers: ["stripe", "adyen"] });
    expect(codes).toEqual(["SC3024"]);
    expect(diagnostics[0]?.path).toBe("payment[1]");
  });

  test.each([
    ["A", "192.0.2.1", true],
    ["A", "192.0.2.256", false],
    ["A", "010.0.0.1", false],
    ["AAAA", "2001:db8::1", true],
    ["AAAA", "fe80::1%eth0", false],
    ["AAAA", "192.0.2.1", false],
    ["CNAME", "www.example.com.", true],
    ["CNAME", "-a.com", false],
    ["TXT", 'any "text" at all', true],
  ])("a record of type %s with content %s: %j", (type, content, isSound) => {
    const { codes } = buildResources(
      `d: { kind: domain, domain: example.com, maxPrice: 1 USD }\nr: { kind: dns, zone: d, type: ${type}, content: ${JSON.stringify(content)} }`,
    );
    expect(codes).toEqual(isSound ? [] : ["SC3025"]);
  });

  test("at most a hundred errors are shown, and a last one counts the rest", () => {
    const lines = Array.from(
      { length: 1000 },
      (_, i) => `r${i}: { kind: cron, app: none-${i}, schedule: "* * * * *" }`,
    );
    const { codes, diagnostics } = buildResources(lines.join("\n"));
    expect(codes).toHaveLength(101);
    expect(diagnostics.at(-1)?.message).toBe(
      "there are at least 900 more errors than the 100 shown",
    );
  });

  // Five seconds on a quiet machine, of which the check of the answer is a part.
  test("10,000 resources take seconds, not minutes", { timeout: 180_000 }, () => {
    const lines = Array.from({ length: 10_000 }, (_, i) =>
      i % 2 === 0
        ? `r${i}: { kind: database }`
        : `r${i}: { kind: app, source: ./app, bind: { DB: r${i - 1} }, env: { ID: '\${r${i - 1}.id}' } }`,
    );
    const text = `${HEAD}resources:\n  ${lines.join("\n  ")}\n`;
    // Processor time of about a second. What grows with the square of their number takes hours.
    const limit = 10_000;
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 3 && best > limit; run++)
      best = Math.min(
        best,
        measureCpu(() => expect(buildText(text).model?.order).toHaveLength(10_000)),
      );
    expect(best).toBeLessThan(limit);
  });
});
