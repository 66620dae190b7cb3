import { describe, expect, test } from "vitest";
import { IMPORT_RULES } from "./rules.ts";
import { listImports, readSourceFiles } from "./source-files.ts";

const files = readSourceFiles();

describe("import direction", () => {
  test.each(IMPORT_RULES)("$name", ({ applies, allows, why }) => {
    const violations = files
      .filter(({ path }) => applies(path))
      .flatMap(({ path, imports }) =>
        imports
          .filter((imported) => !allows(imported, path))
          .map(({ target }) => `${path} imports ${target}. ${why}`),
      );
    expect(violations).toEqual([]);
  });

  test("the scanner sees every form of import", () => {
    const text = [
      `import type { A } from "./a.ts";`,
      `import { type B } from "../b.ts";`,
      `import * as c from "c";`,
      `export { d } from "./d.ts";`,
      `await import("../e.ts");`,
      `const f = 'import "f"';`,
    ].join("\n");
    expect(listImports("src/x/y.ts", text)).toEqual([
      { target: "src/x/a.ts", typeOnly: true, lazy: false },
      { target: "src/b.ts", typeOnly: true, lazy: false },
      { target: "c", typeOnly: false, lazy: false },
      { target: "src/x/d.ts", typeOnly: false, lazy: false },
      { target: "src/e.ts", typeOnly: false, lazy: true },
    ]);
  });

  test("an import of one of our files names a file that exists", () => {
    const known = new Set(files.map(({ path }) => path));
    const dangling = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => target.startsWith("src/") && target.endsWith(".ts"))
        .filter(({ target }) => !known.has(target))
        .map(({ target }) => `${path} imports ${target}`),
    );
    expect(dangling).toEqual([]);
  });

  test("no two files import each other at run time, directly or around a corner", () => {
    const graph = new Map(
      files.map(({ path, imports }) => [
        path,
        imports.filter(({ typeOnly, lazy }) => !typeOnly && !lazy).map(({ target }) => target),
      ]),
    );
    expect(findCycle(graph)).toBeUndefined();
  });
});

/** The first cycle found, as a path that ends where it begins. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const finished = new Set<string>();
  const trail: string[] = [];
  const visit = (node: string): readonly string[] | undefined => {
    if (finished.has(node)) return undefined;
    const start = trail.indexOf(node);
    if (start >= 0) return [...trail.slice(start), node];
    trail.push(node);
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next);
      if (cycle !== undefined) return cycle;
    }
    trail.pop();
    finished.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
