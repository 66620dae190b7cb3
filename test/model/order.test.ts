// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the references of a manifest look like those of a template
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Dependent, orderResources } from "../../src/compiler/2-model/order-resources.ts";
import { buildResources } from "./model-input.ts";

const graph = (edges: Readonly<Record<string, string>>): readonly Dependent[] =>
  Object.entries(edges).map(([name, needs]) => ({ name, dependsOn: [...needs] }));

describe("orderResources", () => {
  test.each([
    [{ a: "", b: "", c: "" }, "abc"],
    [{ a: "z", b: "", z: "" }, "bza"],
    [{ a: "b", b: "c", c: "" }, "cba"],
    [{ d: "bc", b: "a", c: "a", a: "" }, "abcd"],
  ])("puts dependencies first, else keeps the order of the list: %j", (edges, expected) => {
    expect(orderResources(graph(edges))).toEqual({ order: [...expected], cycles: [] });
  });

  test.each([
    [{ a: "a" }, ["aa"]],
    [{ a: "b", b: "a" }, ["aba"]],
    [{ a: "b", b: "c", c: "b" }, ["bcb"]],
    [{ a: "b", b: "a", c: "d", d: "c" }, ["aba", "cdc"]],
    [{ x: "a", a: "b", b: "c", c: "a", y: "" }, ["abca"]],
  ])("names the circles of %j", (edges, expected) => {
    const { cycles } = orderResources(graph(edges));
    expect(cycles.map((cycle) => cycle.join(""))).toEqual(expected);
  });

  const graphs = fc
    .array(fc.array(fc.nat(19), { maxLength: 3 }), { minLength: 1, maxLength: 20 })
    .map((needs) =>
      needs.map((targets, i) => ({
        name: `r${i}`,
        dependsOn: [...new Set(targets)].map((target) => `r${target % needs.length}`),
      })),
    );

  test("either orders everything or names a circle, whatever the graph", () => {
    fc.assert(
      fc.property(graphs, (resources) => {
        const { order, cycles } = orderResources(resources);
        expect(order.length === resources.length).toBe(cycles.length === 0);
        const place = new Map(order.map((name, i) => [name, i]));
        const needs = new Map(resources.map(({ name, dependsOn }) => [name, dependsOn]));
        for (const name of order)
          for (const other of needs.get(name) ?? [])
            expect(place.get(other)).toBeLessThan(place.get(name) ?? -1);
        for (const cycle of cycles) {
          expect(cycle[0]).toBe(cycle.at(-1));
          for (const [i, name] of cycle.slice(1).entries())
            expect(needs.get(cycle[i] ?? "")).toContain(name);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("takes at each step the first of the list that can come next", () => {
    fc.assert(
      fc.property(graphs, (resources) => {
        const { order } = orderResources(resources);
        const done = new Set<string>();
        for (const name of order) {
          const next = resources.find(
            (one) => !done.has(one.name) && one.dependsOn.every((other) => done.has(other)),
          );
          expect(next?.name).toBe(name);
          done.add(name);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("cycles in a manifest", () => {
  test("an app that needs itself is one", () => {
    const { model, diagnostics } = buildResources(
      "shop: { kind: app, source: ./app, env: { URL: '${shop.url}' } }",
    );
    expect(model).toBeUndefined();
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "the resources need each other in a circle: shop -> shop",
    ]);
  });

  test("a long one is shown at its ends", () => {
    const lines = Array.from(
      { length: 1000 },
      (_, i) => `r${i}: { kind: app, source: ./app, bind: { X: r${(i + 1) % 1000} } }`,
    );
    const { diagnostics } = buildResources(lines.join("\n"));
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.message).toMatch(
      /^the resources need each other in a circle: r0 -> r1 -> .* -> \(981 more\) -> .* -> r999 -> r0$/,
    );
  });
});
