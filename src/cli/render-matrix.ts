import type { PermissionReport } from "../index.ts";
import type { Paint } from "./style.ts";

type Cell = PermissionReport["matrix"][number];

const COLORS = {
  yes: "green",
  "within caps": "green",
  "needs approval": "yellow",
  never: "red",
} as const satisfies Record<Cell["answer"], string>;

/** The matrix as a table: a row for each verb and the kinds that are treated alike, a column for each subject, the deciding rules below. */
export function renderMatrix({ matrix, subjects }: PermissionReport, paint: Paint): string {
  const places = [...new Set(matrix.flatMap(({ rule }) => rule ?? []))];
  const noteOf = (rule: string | null): string =>
    rule === null ? "" : ` [${places.indexOf(rule) + 1}]`;
  const show = ({ answer, conditional, rule }: Cell): string =>
    `${answer}${conditional ? "*" : ""}${noteOf(rule)}`;
  const rows = [...Map.groupBy(matrix, ({ verb }) => verb)].flatMap(([verb, cells]) =>
    splitKinds(cells).map(({ kinds, ofSubject }) => ({
      head: [verb, cells[0]?.class ?? "", kinds],
      cells: subjects.map((subject) => ofSubject(subject)),
    })),
  );
  const table = rows.map(({ head, cells }) => [
    ...head,
    ...cells.map((cell) => (cell === undefined ? "" : show(cell))),
  ]);
  const heads = ["verb", "", "kinds", ...subjects];
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...table.map((row) => (row[column] ?? "").length)),
  );
  const pad = (text: string, column: number): string => text.padEnd(widths[column] ?? 0);
  const lines = table.map((row, i) =>
    row
      .map((text, column) => {
        const answer = rows[i]?.cells[column - 3]?.answer;
        const padded = pad(text, column);
        return answer === undefined ? padded : paint(COLORS[answer], padded);
      })
      .join("  ")
      .trimEnd(),
  );
  const isConditional = matrix.some(({ conditional }) => conditional);
  return [
    paint("bold", heads.map(pad).join("  ").trimEnd()),
    ...lines,
    "",
    ...places.map((place, i) => `[${i + 1}] ${place}`),
    "never without a number: no rule permits it; a sub-agent has at most what its parent has",
    ...(isConditional ? ["*: under the conditions of the rule"] : []),
  ].join("\n");
}

interface KindGroup {
  readonly kinds: string;
  readonly ofSubject: (subject: string) => Cell | undefined;
}

/** Kinds about which all subjects get the same answers stand together. */
function splitKinds(cells: readonly Cell[]): readonly KindGroup[] {
  const all = [...new Set(cells.flatMap(({ kinds }) => kinds))];
  const cellFor = (subject: string, kind: string): Cell | undefined =>
    cells.find((cell) => cell.subject === subject && cell.kinds.includes(kind));
  const groups = Map.groupBy(all, (kind) =>
    cells.flatMap((cell, i) => (cell.kinds.includes(kind) ? [i] : [])).join(","),
  );
  return [...groups.values()].map((kinds) => ({
    kinds: groups.size === 1 ? "all" : kinds.join(" "),
    ofSubject: (subject) => cellFor(subject, kinds[0] ?? ""),
  }));
}
