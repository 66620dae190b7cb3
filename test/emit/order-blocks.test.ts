import { expect, test } from "vitest";
import type { LoweredResource } from "../../src/adapters/vendors/contract.ts";
import { orderBlocks } from "../../src/compiler/4-emit/pulumi/order-blocks.ts";

function resource(name: string, needs: readonly string[] = [], origin?: string): LoweredResource {
  const references = needs.map((need) => ({
    kind: "reference" as const,
    resource: need,
    attribute: "id",
  }));
  return { name, origin, type: "cloudflare_queue", args: { references } };
}

const namesOf = (resources: readonly LoweredResource[]) =>
  orderBlocks(resources).map((block) => block.map(({ name }) => name).join("+"));

test("without references the order stays", () => {
  expect(namesOf([resource("c"), resource("a"), resource("b")])).toEqual(["c", "a", "b"]);
});

test("a block moves up to where it is first needed and no further", () => {
  expect(
    namesOf([resource("a"), resource("b", ["d"]), resource("c"), resource("d"), resource("e")]),
  ).toEqual(["a", "d", "b", "c", "e"]);
});

test("resources of one origin stay together", () => {
  expect(
    namesOf([
      resource("shop", ["db"], "shop"),
      resource("db", [], "db"),
      resource("shop.x", ["shop", "late"], "shop"),
      resource("late", [], "late"),
    ]),
  ).toEqual(["db", "late", "shop+shop.x"]);
});

test("provider, explicit dependencies and references in nested values count", () => {
  const nested: LoweredResource = {
    ...resource("a"),
    provider: "p",
    dependsOn: ["q"],
    args: {
      list: [{ kind: "object", fields: { field: { kind: "json", value: ref("r") } } }],
      map: { kind: "map", entries: { entry: { kind: "concat", parts: ["x", ref("s")] } } },
    },
  };
  const others = ["p", "q", "r", "s"].map((name) => resource(name));
  expect(namesOf([nested, ...others]).at(-1)).toBe("a");
});

test("a circle is a bug", () => {
  expect(() => orderBlocks([resource("a", ["b"]), resource("b", ["a"])])).toThrow("circle");
});

test("a long chain and a wide fan are linear", () => {
  const chain = Array.from({ length: 20_000 }, (_, i) =>
    resource(`r${i}`, i === 19_999 ? [] : [`r${i + 1}`]),
  );
  expect(namesOf(chain)[0]).toBe("r19999");
  const leaves = Array.from({ length: 20_000 }, (_, i) => resource(`r${i}`));
  const fan = [
    resource(
      "hub",
      leaves.map(({ name }) => name),
    ),
    ...leaves,
  ];
  expect(namesOf(fan).at(-1)).toBe("hub");
});

function ref(name: string) {
  return { kind: "reference" as const, resource: name, attribute: "id" };
}
