import { describe, expect, test } from "vitest";
import { measureCpu } from "./cpu-time.ts";
import { HEAD, read } from "./read-text.ts";

const MIB = 1_048_576;

describe("promise 21: no manifest stalls us: limits", () => {
  test("a file of more than 1 MiB is refused with SC1001 at once", () => {
    for (const content of [
      new Uint8Array(64 * MIB),
      "a".repeat(64 * MIB),
      "\u4e2d".repeat(MIB / 3 + 1),
    ]) {
      let best = Number.POSITIVE_INFINITY;
      for (let run = 0; run < 5; run++) {
        const time = measureCpu(() => expect(read(content).codes).toEqual(["SC1001"]));
        best = Math.min(best, time);
      }
      // Twenty times what it takes; who reads the text needs seconds.
      expect(best).toBeLessThan(20);
    }
  });

  test("a file of exactly 1 MiB is read", () => {
    const text = `${HEAD}resources: {}\n#`;
    expect(read(text + "x".repeat(MIB - text.length)).codes).toEqual([]);
  });

  test.each([
    ["lists in brackets", (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`],
    ["mappings in braces", (depth: number) => `${"{a: ".repeat(depth)}${"}".repeat(depth)}`],
    ["lists with hyphens", (depth: number) => `${"- ".repeat(depth)}a`],
    ["keys with question marks", (depth: number) => `${"? ".repeat(depth)}a`],
    [
      "indented mappings",
      (depth: number) =>
        Array.from({ length: Math.min(depth, 600) }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
    ],
    ["open brackets", (depth: number) => "[".repeat(depth)],
  ])("%s more than 32 levels deep are refused", (_name, nest) => {
    expect(read(nest(32)).codes).not.toContain("SC1006");
    for (const depth of [33, 1000, 100_000]) {
      const text = nest(depth);
      const time = measureCpu(() => expect(read(text).codes).toEqual(["SC1006"]));
      expect(time).toBeLessThan(500);
    }
  });

  test("an alias bomb is refused before anything is expanded", () => {
    const lines = Array.from(
      { length: 9 },
      (_, i) =>
        `a${i}: &a${i} [${Array(9)
          .fill(i === 0 ? "x" : `*a${i - 1}`)
          .join(", ")}]`,
    );
    const { codes } = read(lines.join("\n"));
    expect(new Set(codes)).toEqual(new Set(["SC1007"]));
  });

  test("at most a hundred errors are shown, and a last one, SC1000, counts the rest", () => {
    const keys = Array.from({ length: 5000 }, (_, i) => `key-${i}: x\n`).join("");
    const { codes, diagnostics } = read(`${HEAD}resources: {}\n${keys}`);
    expect(codes).toHaveLength(101);
    expect(codes.at(-1)).toBe("SC1000");
    expect(diagnostics.at(-1)?.message).toBe(
      "there are at least 4,900 more errors than the 100 shown",
    );
  });
});
