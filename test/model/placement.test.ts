import { describe, expect, test } from "vitest";
import { HEAD } from "../manifest/read-text.ts";
import { buildResources, buildText, CLOUDFLARE } from "./model-input.ts";

const NEON = {
  ...CLOUDFLARE,
  id: "neon",
  title: "Neon",
  kinds: new Set(["database"] as const),
};
const vendors = [CLOUDFLARE, NEON];
const WITHOUT_PROVIDER = HEAD.replace("provider: cloudflare\n", "");

describe("placement", () => {
  test("a resource's own provider wins over the stack's, which wins over the manifest's", () => {
    const text = `${HEAD}resources:
  own: { kind: database, provider: neon }
  left: { kind: database }
stacks:
  prod: { provider: neon }
  test: {}
`;
    const providers = (stack: string) =>
      buildText(text, { vendors, stack }).model?.resources.map(({ provider }) => provider);
    expect(providers("local")).toEqual(["neon", "cloudflare"]);
    expect(providers("test")).toEqual(["neon", "cloudflare"]);
    expect(providers("prod")).toEqual(["neon", "neon"]);
  });

  test("only the stack local is not live", () => {
    const text = `${HEAD}resources: {}\nstacks: { prod: {} }\n`;
    expect(buildText(text).model?.live).toBe(false);
    expect(buildText(text, { stack: "prod" }).model?.live).toBe(true);
  });

  test("names like those of every object are no stacks", () => {
    for (const stack of ["constructor", "toString", "__proto__"])
      expect(buildText(`${HEAD}resources: {}\n`, { stack }).codes).toEqual(["SC3022"]);
  });

  test("a kind that the provider does not serve names who does, SC3009", () => {
    const { codes, diagnostics } = buildResources("media: { kind: bucket, provider: neon }", {
      vendors,
    });
    expect(codes).toEqual(["SC3009"]);
    expect(diagnostics[0]?.message).toBe("Neon does not serve the kind bucket of `media`");
    expect(diagnostics[0]?.remedy).toBe("place it on one of `cloudflare`");
  });

  describe("a kind that the manifest's provider does not serve", () => {
    const all = `address: { kind: domain, domain: example.com, maxPrice: 12.00 USD }
  www: { kind: dns, zone: address, name: www, type: A, content: 192.0.2.1 }
  cache: { kind: kv }
  orders: { kind: database }`;
    const other = {
      ...CLOUDFLARE,
      ...{ id: "other", title: "Other", services: { kv: "other/kv" } },
    };
    const place = (providers: string, own = all) => {
      const { model, codes } = buildText(
        `${WITHOUT_PROVIDER}provider: neon\nresources:\n  ${own}\n`,
        {
          vendors: [NEON, CLOUDFLARE, other],
          rules: `apiVersion: supercargo/v1\nallowed: { providers: [${providers}] }\n`,
        },
      );
      const places = model?.resources.map((one) => [one.name, one.provider, one.insteadOf]);
      return { places, codes, model };
    };

    test("goes to the first one in the guardrails that does, and says in whose place", () => {
      expect(place("neon, other, cloudflare").places).toEqual([
        ["address", "other", "Neon"],
        ["www", "other", "Neon"],
        ["cache", "other", "Neon"],
        ["orders", "neon", undefined],
      ]);
      expect(place('"*"').places).toEqual([
        ["address", "cloudflare", "Neon"],
        ["www", "cloudflare", "Neon"],
        ["cache", "other", "Neon"],
        ["orders", "neon", undefined],
      ]);
    });

    test("goes nowhere that the guardrails do not allow", () => {
      expect(place("neon").codes).toEqual(["SC3009", "SC3009", "SC3009"]);
    });

    test("goes nowhere that the apps which bind it cannot reach, and names who can be reached", () => {
      const { codes, diagnostics } = buildText(
        `${WITHOUT_PROVIDER}provider: neon\nresources:\n  cache: { kind: kv }\n  media: { kind: bucket }\n`,
        {
          vendors: [NEON, CLOUDFLARE, other],
          rules: "apiVersion: supercargo/v1\nallowed: { providers: [neon, cloudflare] }\n",
        },
      );
      expect(codes).toEqual(["SC3009", "SC3009"]);
      expect(diagnostics.map(({ remedy }) => remedy)).toEqual([
        "place it on one of `other`",
        "place it on one of `cloudflare`, `other`",
      ]);
    });

    test("is the service that it is there, wherever it was asked for", () => {
      const { model } = place("neon, other", `${all}\n  own: { kind: kv, provider: other }`);
      expect(model?.resources.map(({ name, service }) => [name, service])).toEqual([
        ["address", undefined],
        ["www", undefined],
        ["cache", "other/kv"],
        ["orders", undefined],
        ["own", "other/kv"],
      ]);
    });

    test("a record goes where its zone is", () => {
      const own = all.replace("domain: example", "provider: other, domain: example");
      expect(place("neon, cloudflare, other", own).places?.slice(0, 2)).toEqual([
        ["address", "other", undefined],
        ["www", "other", "Neon"],
      ]);
    });
  });

  test("a kind that nobody serves leads to the catalogue", () => {
    const { diagnostics } = buildText(
      `${WITHOUT_PROVIDER}provider: neon\nresources:\n  a: { kind: kv }\n`,
      {
        vendors: [NEON],
      },
    );
    expect(diagnostics[0]?.remedy).toMatch(/^no known provider serves this kind/);
  });

  test("an unknown provider is reported once where it is written", () => {
    const { diagnostics } = buildText(
      `${WITHOUT_PROVIDER}provider: clodflare\nresources:\n  a: { kind: kv }\n  b: { kind: kv }\n  c: { kind: kv, provider: nean }\n`,
      { vendors },
    );
    expect(diagnostics.map(({ code, path, remedy }) => [code, path, remedy])).toEqual([
      ["SC3008", "provider", "did you mean `cloudflare`?"],
      ["SC3008", "resources.c.provider", "did you mean `neon`?"],
    ]);
  });

  test("a vendor's refusal is shown in its own words", () => {
    const refusing = {
      ...CLOUDFLARE,
      refuse: () => ({ reason: "it is too small", remedy: "make it larger" }),
    };
    const { diagnostics } = buildResources("a: { kind: kv }", { vendors: [refusing] });
    expect(diagnostics).toMatchObject([
      {
        code: "SC3010",
        message: "Cloudflare cannot serve `a`: it is too small",
        remedy: "make it larger",
      },
    ]);
  });

  test("without a provider anywhere each resource says so, but a service names its own", () => {
    const { codes } = buildText(
      `${WITHOUT_PROVIDER}resources:\n  a: { kind: kv }\n  b: { kind: kv }\n  s: { kind: service, service: neon/free }\n`,
    );
    expect(codes).toEqual(["SC3007", "SC3007"]);
  });
});
