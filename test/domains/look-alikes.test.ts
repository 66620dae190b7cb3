import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRequest } from "../../src/broker/read-request.ts";
import { toDomainName, toHostname } from "../../src/util/domain-name.ts";
import { findScriptFault } from "../../src/util/domains/label-scripts.ts";
import { readAsAscii, toSkeleton } from "../../src/util/domains/look-alikes.ts";
import { splitDomain } from "../../src/util/domains/registrable-domain.ts";
import { noteFigure } from "../promises/note-figure.ts";
import { compileDomains, errorsOf } from "./compile-domains.ts";

/** A few letters of each script. */
const LETTERS: Readonly<Record<string, string>> = {
  Latin: "abcdeghijlmopsxyz\u00e9\u00f8",
  Cyrillic: "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0436\u044f",
  Greek: "\u03b1\u03bf\u03c1\u03bd\u03b9\u03bb",
  Armenian: "\u0585\u057d\u0570\u0561\u0580",
  Georgian: "\u10d0\u10d1\u10dd",
  Hebrew: "\u05d0\u05d1\u05e1",
  Arabic: "\u0627\u0628\u0647",
  Devanagari: "\u0915\u0916\u0917",
  Thai: "\u0e01\u0e02\u0e23",
  Han: "\u4e2d\u6587\u4e00",
  Hiragana: "\u3042\u3078\u308a",
  Katakana: "\u30ab\u30ce\u30cb",
  Hangul: "\ud55c\uae00\uc774",
  Bopomofo: "\u3105\u3110",
};
const SCRIPTS = Object.keys(LETTERS);
const TOGETHER = [
  ["Latin", "Han", "Hiragana", "Katakana"],
  ["Latin", "Han", "Bopomofo"],
  ["Latin", "Han", "Hangul"],
];

/** A label with letters of exactly these scripts, in any order, with digits and hyphens between them. */
function labelOf(scripts: readonly string[]): fc.Arbitrary<string> {
  const first = scripts.map((script) => fc.constantFrom(...(LETTERS[script] ?? "")));
  const more = fc.array(
    fc.constantFrom(...scripts.flatMap((script) => [...(LETTERS[script] ?? "")]), "7", "4"),
    { maxLength: 6 },
  );
  return fc
    .tuple(fc.tuple(...first), more)
    .chain(([one, rest]) =>
      fc.shuffledSubarray([...one, ...rest], { minLength: one.length + rest.length }),
    )
    .map((characters) => characters.join(""));
}

const sets = fc.subarray(SCRIPTS, { minLength: 1, maxLength: 4 });
const goTogether = (scripts: readonly string[]): boolean =>
  scripts.length === 1 || TOGETHER.some((set) => scripts.every((script) => set.includes(script)));

describe("scripts", () => {
  test("promise 22: no label of scripts that are not written together passes", ({ task }) => {
    const mixed = sets.filter((scripts) => !goTogether(scripts)).chain(labelOf);
    let refused = 0;
    fc.assert(
      fc.property(mixed, (label) => {
        expect(findScriptFault(label)?.kind).toBe("mixed-scripts");
        expect(toDomainName(`${label}.com`)).toBeUndefined();
        refused += 1;
      }),
      { numRuns: 10_000 },
    );
    noteFigure(task, `0 of ${refused} names in mixed scripts passed`);
  });

  test("one script passes, and so do those of Japanese, Chinese and Korean with Latin", () => {
    const plain = sets.filter(goTogether).chain(labelOf);
    fc.assert(
      fc.property(plain, (label) => {
        expect(findScriptFault(label)).toBeUndefined();
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ["digits of two kinds", "\u0915\u096a4", "mixed-digits"],
    ["a script that few people read", "\ua4d3\ua4f2\ua4e2", "rare-script"],
    ["a mark of another script", "a\u064bb", "mixed-scripts"],
  ])("%s: refused", (_what, label, kind) => {
    expect(findScriptFault(label)?.kind).toBe(kind);
  });

  test("promise 22: whatever the characters, a name that is not plain ASCII is refused or waits for a person", async () => {
    const text = fc.oneof(
      sets.chain(labelOf),
      fc.string({
        unit: fc.oneof(
          fc.constantFrom(..."abo1-"),
          fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
        ),
        minLength: 1,
        maxLength: 8,
      }),
    );
    let passed = 0;
    await fc.assert(
      fc.asyncProperty(text, async (label) => {
        const written = `${label}.com`;
        const result = await compileDomains([written]);
        if (errorsOf(result).length > 0) return;
        const { policy } = result;
        const isAscii = /^[\x20-\x7e]*$/.test(written) && !written.includes("xn--");
        expect(policy?.approvals.map(({ reason }) => reason)).toEqual(
          isAscii ? [] : ["foreign-name"],
        );
        passed += 1;
      }),
      { numRuns: 500 },
    );
    expect(passed).toBeGreaterThan(20);
  });

  test("promise 22: the broker reads no request for a name in mixed scripts", () => {
    const request = (domain: string) =>
      readRequest({
        verb: "create",
        kind: "domain",
        identity: { project: "shop", stack: "prod", resource: "address" },
        inputs: {
          provider: "cloudflare",
          account: "account",
          paymentToken: "token",
          domain,
          years: 1,
          maxPrice: "12.00 USD",
          autoRenew: false,
        },
      });
    expect(request("example.com")).toBeDefined();
    expect(request("xn--bcher-kva.com")).toBeDefined();
    for (const refused of ["xn--pple-43d.com", "co.uk", "www.example.com", "b\u00fccher.com"])
      expect(request(refused)).toBeUndefined();
  });
});

describe("look-alikes", () => {
  test.each([
    ["\u0430\u0440\u0440\u04cf\u0435.com", "apple.com"],
    ["\u0441\u043e\u0441\u0430.\u0440\u0444", undefined],
    ["\u03bf\u03c1\u03b1.net", "opa.net"],
    ["\u0585\u057d\u057c.com", "oun.com"],
    ["b\u00fccher.com", "bucher.com"],
    ["\u00f8re.com", "ore.com"],
    ["\u0261o.com", "go.com"],
    ["\u4e2d\u6587.com", undefined],
    ["apple.com", undefined],
  ])("promise 22: %j reads as %j", (name, reading) => {
    expect(readAsAscii(name)).toBe(reading);
  });

  test.each([
    ["modern", "modem"],
    ["g00gle", "google"],
    ["paypa1", "paypal"],
    ["vvord", "word"],
    ["\u0430\u0440\u0440\u04cf\u0435", "app1e"],
  ])("%j and %j have one skeleton", (one, other) => {
    expect(toSkeleton(one)).toBe(toSkeleton(other));
  });

  test.each([
    ["b\u00fccher", "bucher"],
    ["shop", "shops"],
    ["cat", "car"],
    ["\u0439\u043e\u0434", "\u0438\u043e\u0434"],
  ])("%j and %j have not", (one, other) => {
    expect(toSkeleton(one)).not.toBe(toSkeleton(other));
  });

  const messages = async (...domains: string[]) =>
    (await compileDomains(domains)).diagnostics
      .filter(({ code }) => code === "SC3031" || code === "SC3032")
      .map(({ code, message }) => `${code} ${message}`);

  test("promise 22: a look-alike of another domain of the manifest or of a provider is refused", async () => {
    expect(await messages("apple.com", "\u0430\u0440\u0440\u04cf\u0435.net")).toEqual([
      "SC3031 `\\u{430}\\u{440}\\u{440}\\u{4cf}\\u{435}.net` looks like `apple.com`, the domain of `site-0`",
    ]);
    for (const neon of ["\u043f\u0435\u043e\u043f.com", "\u014beo\u014b.com", "ne\u0585\u057c.com"])
      expect(await messages(neon)).toEqual([
        expect.stringMatching(/^SC3031 .* looks like `neon`, the name of the provider `neon`$/),
      ]);
  });

  test("ASCII look-alikes are pointed out, and one brand below several suffixes is none", async () => {
    expect(await messages("modern.com", "modem.com")).toEqual([
      "SC3032 `modem.com` is easily read as `modern.com`, the domain of `site-0`",
    ]);
    expect(await messages("c1oudflare.com")).toEqual([
      "SC3032 `c1oudflare.com` is easily read as `cloudflare`, the name of the provider `cloudflare`",
    ]);
    expect(await messages("brand.com", "brand.net", "brand.co.uk")).toEqual([]);
    expect(await messages("neon.com")).toEqual([]);
  });
});

describe("what can be registered", () => {
  test.each([
    ["example.com", "com", "example.com"],
    ["www.example.co.uk", "co.uk", "example.co.uk"],
    ["co.uk", "co.uk", undefined],
    ["shop.uk.com", "uk.com", "shop.uk.com"],
    ["github.io", "github.io", undefined],
    ["a.b.kobe.jp", "b.kobe.jp", "a.b.kobe.jp"],
    ["city.kobe.jp", "kobe.jp", "city.kobe.jp"],
    ["www.ck", "ck", "www.ck"],
    ["xn--85x722f.xn--55qx5d.cn", "xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"],
    ["example.unlisted", "unlisted", "example.unlisted"],
  ])("%s lies below %s and belongs to %s", (hostname, suffix, registrable) => {
    expect(splitDomain(hostname)).toEqual({ suffix, registrable });
  });

  test.each([
    ["shop.example.com", ["SC3028"]],
    ["co.uk", ["SC3028"]],
    ["example.co.uk", []],
    ["shop.uk.com", ["SC4003"]],
    ["shop.github.io", ["SC4003"]],
    ["shop.workers.dev", ["SC4003"]],
  ])(
    "promise 22: a domain is exactly what a registry sells: %s gives %j",
    async (domain, codes) => {
      expect(errorsOf(await compileDomains([domain], "local"))).toEqual(codes);
    },
  );

  test("what can be bought is a host name", () => {
    fc.assert(
      fc.property(fc.domain(), (name) => {
        const domain = toDomainName(name);
        if (domain !== undefined) expect(domain).toBe(toHostname(name));
      }),
    );
  });
});
