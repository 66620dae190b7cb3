import { describe, expect, test } from "vitest";
import { isCronSchedule } from "../../src/util/cron-schedule.ts";
import { toDomainName, toHostname } from "../../src/util/domain-name.ts";
import { toRelativePath } from "../../src/util/relative-path.ts";
import { HEAD, read } from "./read-text.ts";
import { describeCorpus } from "./shared-corpus.ts";

const inApp = (key: string, value: string): readonly string[] =>
  read(
    `${HEAD}resources:\n  shop: ${JSON.stringify({ kind: "app", source: "a", [key]: "MARK" }).replace('"MARK"', value)}\n`,
  ).codes;

describe("paths", () => {
  test.each([
    ["./app", "app"],
    ["app/", "app"],
    ["apps/shop/src", "apps/shop/src"],
    ["./.output/public", ".output/public"],
    ["My App+2", "My App+2"],
    ["index.ts", "index.ts"],
    ["console", "console"],
  ])("%j is the path %j", (text, path) => {
    expect(toRelativePath(text)).toBe(path);
  });

  test.each([
    ...["", ".", "..", "./", "/", "/etc/passwd", "../x", "a/../b", "a/..", "./../x", "a//b", "//x"],
    ...["C:\\x", "C:/x", "a\\b", "\\\\server\\x", "a\u0000b", "~/x", "$HOME", "a\nb", "a*b", "a?b"],
    ...["con", "NUL", "a/AUX.txt", "com1", "LPT9.log", "a.", "a /b", " a", "...", "caf\u00e9"],
    ...[".git", "a/.GIT/config", ".supercargo/keystore.key", "node_modules/x", "x".repeat(256)],
  ])("%j is refused", (text) => {
    expect(toRelativePath(text)).toBeUndefined();
  });
});

describe("schedules", () => {
  test.each([
    ...["* * * * *", "0 3 * * *", "*/15 * * * *", "0,30 8-18 1 JAN,JUL MON-FRI", "59 23 31 12 7"],
    ...["0-30/5 */2 1-15 * 0", "5 4 * * SUN"],
  ])("%j is one", (text) => {
    expect(isCronSchedule(text)).toBe(true);
  });

  test.each([
    ...["", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *"],
    ...["* * * * 8", "*/0 * * * *", "5-1 * * * *", "5/10 * * * *", "@daily", "* * * * mon"],
    ...["*  * * * *", "* * L * *", "* * * * 1#2", "-1 * * * *", "1, * * * *", "* * * JANUARY *"],
  ])("%j is none", (text) => {
    expect(isCronSchedule(text)).toBe(false);
  });
});

describe("routes", () => {
  test.each([
    "example.com/*",
    "www.example.com/api/*",
    "example.com/",
    `\${address.domain}/*`,
    `shop.\${address.domain}/a/b*`,
  ])("%j has the form of one", (route) => {
    expect(inApp("routes", JSON.stringify([route]))).toEqual([]);
  });

  test.each([
    ...["example.com", "*", "/", "https://example.com/*", "*.example.com/*", "example.com/*/x"],
    ...[
      "Example.com/*",
      "example.com:80/*",
      "example.com/a b",
      "a@example.com/*",
      "example.com/?q",
    ],
    ...[`\${address}/*`, `\${ADDRESS.domain}/*`, `\${a.b/*`],
  ])("%j has not", (route) => {
    expect(inApp("routes", JSON.stringify([route]))).toEqual(["SC2015"]);
  });
});

describe("amounts", () => {
  const withAmount = (amount: string): readonly string[] =>
    read(`${HEAD}resources: {}\nbudget: { monthly: ${JSON.stringify(amount)} }\n`).codes;

  test.each(["60 USD", "60.5 USD", "0.01 USD", "1000 JPY", "1.234 KWD"])("%j is one", (amount) => {
    expect(withAmount(amount)).toEqual([]);
  });

  test.each([
    ...["60", "USD 60", "60USD", "60  USD", "$60", "60 usd", "1.001 USD", "1.5 JPY", "-1 USD"],
    ...["1e3 USD", "1,000 USD", ".5 USD", "60 USD ", "9999999999999999 USD", "NaN USD"],
  ])("%j is none", (amount) => {
    expect(withAmount(amount)).toEqual(["SC2012"]);
  });
});

describe("domain names", () => {
  test.each([
    ["example.com", "example.com"],
    ["b\u00fccher.example", "xn--bcher-kva.example"],
    ["xn--bcher-kva.example", "xn--bcher-kva.example"],
    ["\u0430pple.com", "xn--pple-43d.com"],
    ["a-b.co.uk", "a-b.co.uk"],
  ])("%j is %j", (text, ascii) => {
    expect(toDomainName(text)).toBe(ascii);
  });

  test.each([
    ...[
      "com",
      "Example.com",
      "example.com.",
      ".example.com",
      "a..b",
      "-a.com",
      "a-.com",
      "a_b.com",
    ],
    ...["0x7f.1", "127.0.0.1", "1.2", "[::1]", "a b.com", "a%41.com", "user@a.com", "a.com:80"],
    ...["ab--cd.com", "xn--a.com", "xn--.com", `${"a".repeat(64)}.com`, `${"a.".repeat(127)}com`],
    ...["a\u3002com", "a\u200db.com", "\u2024.com", "https://a.com", "a.com/", "*.a.com"],
  ])("%j is none", (text) => {
    expect(toDomainName(text)).toBeUndefined();
  });
});

interface SchemaSuite {
  readonly description: string;
  readonly tests: readonly {
    readonly description: string;
    readonly data: unknown;
    readonly valid: boolean;
  }[];
}

/** Where we judge otherwise than the suite: descriptions of cases by the reason. */
const DEVIATIONS: Readonly<Record<string, readonly string[]>> = {
  "hostname.json is about ASCII alone, and we map other letters": [
    "invalid non-ASCII KELVIN SIGN (U+212A)",
  ],
  "characters that are allowed in some contexts only are refused in all": [
    "Exceptions that are PVALID, left-to-right chars",
    "Exceptions that are PVALID, right-to-left chars",
    "MIDDLE DOT with surrounding 'l's",
    "Greek KERAIA followed by Greek",
    "Hebrew GERESH preceded by Hebrew",
    "Hebrew GERSHAYIM preceded by Hebrew",
    "KATAKANA MIDDLE DOT with Hiragana",
    "KATAKANA MIDDLE DOT with Katakana",
    "KATAKANA MIDDLE DOT with Han",
    "Extended Arabic-Indic digits not mixed with Arabic-Indic digits",
    "ZERO WIDTH JOINER preceded by Virama",
    "ZERO WIDTH NON-JOINER preceded by Virama",
    "ZERO WIDTH NON-JOINER not preceded by Virama but matches regexp",
  ],
  "only the ASCII full stop separates labels": [
    "ideographic full stop as label separator",
    "fullwidth full stop as label separator",
    "halfwidth ideographic full stop as label separator",
    "label too long if separator ignored (ideographic full stop)",
    "label too long if separator ignored (fullwidth full stop)",
    "label too long if separator ignored (halfwidth ideographic full stop)",
  ],
};

describeCorpus("hostnames", (files) => {
  const cases = [...files].flatMap(([file, bytes]) =>
    (JSON.parse(bytes.toString()) as readonly SchemaSuite[]).flatMap(({ tests }) =>
      tests
        .filter(({ data }) => typeof data === "string")
        .map((one) => ({ ...one, name: `${file}: ${one.description}`, data: String(one.data) })),
    ),
  );

  const deviating = new Set(Object.values(DEVIATIONS).flat());

  test.each(cases)("$name", ({ description, data, valid }) => {
    const isAccepted = toHostname(data) !== undefined;
    expect(isAccepted).toBe(deviating.has(description) ? !valid : valid);
  });

  test("every deviation is one of the suite's cases", () => {
    const known = new Set(cases.map(({ description }) => description));
    expect([...deviating].filter((description) => !known.has(description))).toEqual([]);
  });
});
