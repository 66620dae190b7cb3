import { expect, test } from "vitest";
import { createDiagnostic } from "../../src/diagnostics/catalogue.ts";
import { renderSarif } from "../../src/diagnostics/render-sarif.ts";

const range = { start: { line: 7, column: 3 }, end: { line: 7, column: 9 } };

test("SARIF names tool, rules, places and levels", () => {
  const diagnostics = [
    createDiagnostic(
      "SC3019",
      { host: "shop.example.net" },
      { file: "a b/super:cargo.yaml", path: "resources.shop.routes[0]", range },
    ),
    createDiagnostic("SC2010", { value: "X" }, { file: "supercargo.yaml", path: "", range }),
  ];
  const log = JSON.parse(renderSarif(diagnostics, "0.1.0"));
  expect(log.version).toBe("2.1.0");
  expect(log.runs).toHaveLength(1);
  const [{ tool, columnKind, results }] = log.runs;
  expect(columnKind).toBe("utf16CodeUnits");
  expect(tool.driver).toMatchObject({ name: "supercargo", version: "0.1.0" });
  expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(["SC2010", "SC3019"]);
  expect(results[0]).toEqual({
    ruleId: "SC3019",
    ruleIndex: 1,
    level: "warning",
    message: {
      text: "the host `shop.example.net` belongs to no domain of this manifest; declare the domain, or make sure that the account already holds it",
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: "a%20b/super%3Acargo.yaml" },
          region: { startLine: 7, startColumn: 3, endLine: 7, endColumn: 9 },
        },
        logicalLocations: [{ fullyQualifiedName: "resources.shop.routes[0]" }],
      },
    ],
  });
  expect(results[1].ruleIndex).toBe(0);
  expect(results[1].locations[0].logicalLocations).toBeUndefined();
});

test("SARIF without findings is a run without results", () => {
  const log = JSON.parse(renderSarif([], "0.1.0"));
  expect(log.runs[0].results).toEqual([]);
});
