import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitStatements } from "../../../src/sandbox/data-plane/split-statements.ts";

describe("SQL", () => {
  it.each([
    ["SELECT 1", ["SELECT 1"]],
    ["SELECT 1;; ;SELECT 2;", ["SELECT 1", "SELECT 2"]],
    ["SELECT ';', \";\", `;`, [;]; SELECT 2", ["SELECT ';', \";\", `;`, [;]", "SELECT 2"]],
    ["SELECT 'it''s; fine'; SELECT 2", ["SELECT 'it''s; fine'", "SELECT 2"]],
    ["-- a; b\nSELECT 1; /* c; */ SELECT 2; -- end", ["-- a; b\nSELECT 1", "/* c; */ SELECT 2"]],
    [
      "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET c = CASE WHEN 1 THEN 2 END; DELETE FROM d; END; SELECT 1",
      [
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET c = CASE WHEN 1 THEN 2 END; DELETE FROM d; END",
        "SELECT 1",
      ],
    ],
    ["BEGIN; SELECT 1; END", ["BEGIN", "SELECT 1", "END"]],
  ])("%s", (sql, statements) => {
    expect(splitStatements(sql)).toEqual(statements);
  });

  it("with any text in quotes stays one statement", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const sql = `SELECT '${text.replaceAll("'", "''")}' AS x`;
        expect(splitStatements(sql)).toEqual([sql]);
      }),
    );
  });
});
