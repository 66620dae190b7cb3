import { expect, it } from "vitest";
import { matchesAny } from "../../src/compiler/matches-any.ts";

it("a pattern of the guardrails is the text itself, or a beginning followed by a star", () => {
  for (const [patterns, text, expected] of [
    [["cloudflare"], "cloudflare", true],
    [["cloudflare"], "cloudflare2", false],
    [["cloud*"], "cloudflare", true],
    [["cloudflare*"], "cloudflare", true],
    [["*"], "container", true],
    [["c*r"], "container", false],
    [["neon", "container"], "container", true],
    [[], "container", false],
  ] as const)
    expect(matchesAny(patterns, text), `${patterns} ${text}`).toBe(expected);
});
