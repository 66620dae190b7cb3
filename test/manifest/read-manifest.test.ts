import { describe, expect, test } from "vitest";
import { HEAD, read } from "./read-text.ts";

describe("readManifest", () => {
  test("fills in constant defaults and reads money as minor units", () => {
    const { value, codes } = read(
      `${HEAD}budget: { monthly: 60 USD }
resources:
  address: { kind: domain, domain: example.com, maxPrice: 12.5 USD }
  key: { kind: secret }
  shop: { kind: app, source: ./app/ }
`,
    );
    expect(codes).toEqual([]);
    expect(value?.data).toMatchObject({
      orchestrator: ["stripe"],
      payment: ["stripe"],
      budget: { monthly: { currency: "USD", minor: 6000n } },
      resources: {
        address: { years: 1, autoRenew: false, maxPrice: { currency: "USD", minor: 1250n } },
        key: { bytes: 32 },
        shop: { source: "app", entry: "index.ts", bind: {}, env: {}, routes: [], consumes: [] },
      },
      stacks: {},
    });
  });

  test("keeps the order of resources and knows where everything stands", () => {
    const { value } = read(`${HEAD}resources:\n  b: { kind: kv }\n  a: { kind: kv }\n`);
    expect(Object.keys(value?.data.resources ?? {})).toEqual(["b", "a"]);
    expect(value?.locator.key(["resources", "a"])).toEqual({
      file: "supercargo.yaml",
      path: "resources.a",
      range: { start: { line: 8, column: 3 }, end: { line: 8, column: 4 } },
    });
    expect(value?.locator.value(["resources", "a", "kind"]).range).toEqual({
      start: { line: 8, column: 14 },
      end: { line: 8, column: 16 },
    });
  });

  test("reads bytes with a byte order mark and lines that end with CR LF", () => {
    const text = `\uFEFF${HEAD}resources: { media: { kind: buckett } }\n`.replaceAll("\n", "\r\n");
    const { codes, diagnostics } = read(new TextEncoder().encode(text));
    expect(codes).toEqual(["SC2004"]);
    expect(diagnostics[0]?.range.start).toEqual({ line: 6, column: 29 });
  });

  test("reads JSON, which is YAML", () => {
    const { value } = read(
      JSON.stringify({
        apiVersion: "supercargo/v1",
        name: "shop",
        principal: { email: "a@example.com" },
        agent: { id: "x" },
        resources: { media: { kind: "bucket" } },
      }),
    );
    expect(value?.data.resources).toEqual({ media: { kind: "bucket" } });
  });

  test("names every path in brackets that is not a plain word", () => {
    const { diagnostics } = read(
      `${HEAD}resources:\n  "a\\u{0}": { kind: kv }\n`.replace("{0}", "0041 b"),
    );
    expect(diagnostics.map(({ path }) => path)).toEqual(['resources["aA b"]']);
  });

  test("reports everything that is wrong, in one go", () => {
    const { codes } = read(
      `${HEAD}resources:\n  A: { kind: kv }\n  b: { kind: app, sorce: x }\n  c: { kind: domain, domain: x, maxPrice: 1 }\n`,
    );
    expect(codes.toSorted()).toEqual(["SC2001", "SC2002", "SC2003", "SC2010", "SC2013"]);
  });
});

describe("values that YAML readers read differently", () => {
  const inEnv = (value: string): string =>
    `${HEAD}resources:\n  shop:\n    kind: app\n    source: ./app\n    env:\n      VALUE: ${value}\n`;

  test.each([
    ...["0o10", "0x1F", "0b11", "1e3", "1E+2", ".5", "5.", "+1", "-0", "01", "1_000", "12:30"],
    ...[".inf", "-.Inf", ".nan", ".NaN", "True", "FALSE", "12345678901234567890"],
  ])("%s must stand in quotes", (value) => {
    expect(read(inEnv(value)).codes).toEqual(["SC1014"]);
    expect(read(inEnv(`"${value}"`)).codes).toEqual([]);
    expect(read(inEnv(`'${value}'`)).codes).toEqual([]);
  });

  test.each(["8080", "1.5", "-1", "true", "false", "null", "~", ""])(
    "%s is not text, so it must stand in quotes too",
    (value) => {
      expect(read(inEnv(value)).codes).toEqual(["SC2003"]);
    },
  );

  test.each(["no", "yes", "on", "1.2.3.4", "2024-01-01", "v1", "1e", "0xg", "a: b".slice(0, 1)])(
    "%s is text",
    (value) => {
      expect(read(inEnv(value)).codes).toEqual([]);
    },
  );

  test("whole numbers, decimals and truth values reach a service's configuration", () => {
    const { value } = read(
      `${HEAD}resources:\n  m: { kind: service, service: a/b, config: { n: 5, d: -1.5, t: true, s: x } }\n`,
    );
    expect(value?.data.resources.m).toMatchObject({ config: { n: 5, d: -1.5, t: true, s: "x" } });
  });
});

describe("keys", () => {
  test.each(["__proto__", "constructor", "prototype"])("%s is reserved everywhere", (key) => {
    for (const text of [
      `${HEAD}resources: { ${key}: { kind: kv } }\n`,
      `${HEAD}resources: {}\n${key}: { polluted: yes }\n`,
      `${HEAD}resources: { m: { kind: service, service: a/b, config: { "${key}": x } } }\n`,
    ])
      expect(read(text).codes).toContain("SC1012");
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test.each([
    ["1", '"1"'],
    ["true", '"true"'],
    ["~", '"~"'],
    ["a", "'a'"],
    ["a", '"\\u0061"'],
  ])("%s and %s are the same key", (first, second) => {
    const { codes } = read(
      `${HEAD}resources: { ${first}: { kind: kv }, ${second}: { kind: kv } }\n`,
    );
    expect(codes).toContain("SC1011");
  });

  test("a merge key is an unknown key", () => {
    expect(read(`${HEAD}resources: {}\n<<: { provider: x }\n`).codes).toEqual(["SC2001"]);
  });
});

describe("characters", () => {
  test.each([
    ["\u0000", "U+0000"],
    ["\u001b", "U+001B"],
    ["\u007f", "U+007F"],
    ["\u0085", "U+0085"],
    ["\u00ad", "U+00AD"],
    ["\u200b", "U+200B"],
    ["\u200d", "U+200D"],
    ["\u200f", "U+200F"],
    ["\u2028", "U+2028"],
    ["\u202e", "U+202E"],
    ["\u2066", "U+2066"],
    ["\ufeff", "U+FEFF"],
    ["\ufffd", "U+FFFD"],
    ["\u{e0041}", "U+E0041"],
    ["\ud800", "U+D800"],
  ])("%j is refused in a comment, a value and an escape", (character, name) => {
    const escaped = [...character]
      .flatMap((c) => Array.from({ length: c.length }, (_, i) => c.charCodeAt(i)))
      .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
      .join("");
    const env = (value: string): string =>
      `${HEAD}resources: { shop: { kind: app, source: ./app, env: { A: ${value} } } }\n`;
    for (const text of [`${HEAD}# ${character}\nresources: {}\n`, env(`x${character}y`)]) {
      const { diagnostics } = read(text);
      expect(diagnostics[0]?.code).toBe("SC1003");
      expect(diagnostics[0]?.message).toContain(name);
    }
    // YAML's \u writes one code unit, so that characters outside the first plane arrive as two lone ones.
    expect(read(env(`"x${escaped}y"`)).codes).toContain("SC1003");
  });

  test("a carriage return counts as a line's end only before a line feed", () => {
    expect(read(`${HEAD}resources:\r  {}\n`).codes).toEqual(["SC1003"]);
  });

  test("text that is not in normalisation form C is refused, also when escapes write it", () => {
    const env = (value: string): string =>
      `${HEAD}resources: { shop: { kind: app, source: ./app, env: { A: ${value} } } }\n`;
    expect(read(env("cafe\u0301")).codes).toEqual(["SC1004"]);
    expect(read(env('"cafe\\u0301"')).codes).toEqual(["SC1004"]);
    expect(read(env("caf\u00e9 \u2764\ufe0f \u4e2d")).codes).toEqual([]);
  });
});

describe("documents", () => {
  test.each(["", "---\n", "...\n", "# x\n", "\n\n", "---\n...\n", "null\n", "~"])(
    "%j holds no data",
    (text) => {
      expect(read(text).codes).toEqual(["SC1015"]);
    },
  );

  test.each(["- a\n", "text\n", "5\n", "true\n"])("%j is not a mapping", (text) => {
    expect(read(text).codes).toEqual(["SC2003"]);
  });

  test("a document may have its marks, and only one may be there", () => {
    expect(read(`---\n${HEAD}resources: {}\n...\n`).codes).toEqual([]);
    expect(read(`---\n${HEAD}resources: {}\n...\n---\na: b\n`).codes).toEqual(["SC1009"]);
    expect(read(`${HEAD}resources: {}\n...\n%YAML 1.2\n---\n`).codes).toContain("SC1010");
  });
});
