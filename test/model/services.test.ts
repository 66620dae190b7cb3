import { describe, expect, test } from "vitest";
import { buildResources, createCatalog, createService } from "./model-input.ts";

const catalog = createCatalog([
  createService("resend/email", {
    configuration: {
      type: "object",
      properties: {
        region: { type: "string", enum: ["eu", "us"] },
        size: { type: "integer" },
        open: { type: "boolean" },
        rate: { type: "number" },
      },
      required: ["region"],
    },
  }),
  createService("resend/gone", { available: false }),
  createService("odd/none", { configuration: {} }),
  createService("odd/closed", { configuration: { properties: {}, additionalProperties: false } }),
  createService("odd/open", {
    configuration: { properties: { a: {} }, additionalProperties: true, required: "all" },
  }),
  createService("odd/broken", { configuration: { properties: { a: 5, b: null }, required: [7] } }),
]);
const check = (service: string, config: object = {}): readonly string[] =>
  buildResources(`s: { kind: service, service: ${service}, config: ${JSON.stringify(config)} }`, {
    catalog,
  }).codes;

describe("services", () => {
  test("go to the provider that they name, with their configuration", () => {
    const { model } = buildResources(
      "s: { kind: service, service: resend/email, config: { region: eu, size: 3 } }",
      { catalog },
    );
    expect(model?.resources).toMatchObject([
      { provider: "resend", service: "resend/email", config: { region: "eu", size: 3 } },
    ]);
  });

  test("a service that is not available now is refused with SC3015", () => {
    expect(check("resend/gone")).toEqual(["SC3015"]);
  });

  test.each([
    [{}, ["SC3012"]],
    [{ region: "eu" }, []],
    [{ region: "asia" }, ["SC3014"]],
    [{ region: "eu", size: 1.5 }, ["SC3014"]],
    [{ region: "eu", size: "3" }, ["SC3014"]],
    [{ region: "eu", open: "yes" }, ["SC3014"]],
    [{ region: "eu", open: true, rate: 1.5 }, []],
    [{ region: "eu", sise: 3 }, ["SC3013"]],
  ])("the configuration %j gives %j", (config, codes) => {
    expect(check("resend/email", config)).toEqual(codes);
  });

  test.each([
    ["odd/none", []],
    ["odd/closed", ["SC3013"]],
    ["odd/open", []],
    ["odd/broken", ["SC3013"]],
  ])("%s with an unknown key gives %j", (service, codes) => {
    expect(check(service, { extra: "x" })).toEqual(codes);
  });

  test("required configuration points at config, or at the resource where there is none", () => {
    const place = (text: string) => {
      const [found] = buildResources(text, { catalog }).diagnostics;
      return [found?.path, found?.range.start.column];
    };
    expect(place("s: { kind: service, service: resend/email }")).toEqual(["resources.s.config", 3]);
    expect(place("s: { kind: service, service: resend/email, config: {} }")).toEqual([
      "resources.s.config",
      46,
    ]);
  });
});
