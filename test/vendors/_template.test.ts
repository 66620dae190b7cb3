import { describe, expect, it } from "vitest";
import template from "../../src/adapters/vendors/_template/index.ts";
import { testVendor } from "./vendor-suite.ts";

testVendor(template);

describe("template", () => {
  it("is named after its folder, and serves the catalogue's services", () => {
    expect(template.id).toBe("_template");
    expect(template.kinds.has("service")).toBe(true);
  });
});
