import { describe, expect, test } from "vitest";
import { isCronSchedule } from "../../src/util/cron-schedule.ts";
import { toRelativePath } from "../../src/util/relative-path.ts";
import { HEAD, read } from "./read-text.ts";

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
