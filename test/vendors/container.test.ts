import { describe, expect, it } from "vitest";
import container from "../../src/adapters/vendors/container/index.ts";

describe("container", () => {
  it("is named after its folder, and serves the catalogue's services", () => {
    expect(container.id).toBe("container");
    expect(container.kinds.has("service")).toBe(true);
  });
});
