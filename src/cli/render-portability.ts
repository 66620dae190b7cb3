import type { PortabilityReport } from "../index.ts";
import type { Paint } from "./style.ts";

type Resource = PortabilityReport["resources"][number];
type Move = Resource["moves"][number];

/** A line for each resource and vendor; below, what each change means and what is paid. */
export function renderPortability(report: PortabilityReport, paint: Paint): string {
  const { project, stack, resources } = report;
  const rows = resources.flatMap((resource) =>
    resource.moves.map((move) => ({ resource, move, verdict: describeVerdict(move) })),
  );
  if (rows.length === 0) return `${project} on ${stack}: no other vendor is known`;
  const heads = ["resource", "kind", "now at", "to", "verdict"];
  const table = rows.map(({ resource, move, verdict }) => [
    ...[resource.name, resource.kind, resource.provider, move.provider],
    verdict,
  ]);
  const widths = heads.map((head, column) =>
    column === heads.length - 1
      ? 0
      : Math.max(head.length, ...table.map((row) => (row[column] ?? "").length)),
  );
  const show = (row: readonly string[]): string =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [
    `${project} on ${stack}`,
    "",
    paint("bold", show(heads)),
    ...table.map(show),
    ...titled("what changes", describeChanges(resources)),
    ...titled("what the way costs", describeCosts(resources)),
  ].join("\n");
}

function describeVerdict({ verdict, because, changes, allowed, at }: Move): string {
  const place = at === undefined ? "" : ` to ${at}`;
  const unless = allowed ? "" : " (the guardrails do not allow the provider)";
  if (verdict === "stays") return `stays: ${because}`;
  if (verdict === "as-it-is") return `moves${place} as it is${unless}`;
  return `moves${place}, with: ${changes.map(({ aspect }) => aspect).join(", ")}${unless}`;
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines.map((line) => `  ${line}`)];
}

/** Each change once, however many resources of the kind there are. */
function describeChanges(resources: readonly Resource[]): readonly string[] {
  const lines = resources.flatMap(({ kind, moves }) =>
    moves.flatMap(({ provider, at = provider, changes }) =>
      changes.map(({ aspect, here, there }) => `${kind} to ${at}, ${aspect}: ${here} -> ${there}`),
    ),
  );
  return [...new Set(lines)];
}

function describeCosts(resources: readonly Resource[]): readonly string[] {
  return resources.flatMap(({ name, moves }) =>
    moves
      .filter(({ verdict }) => verdict !== "stays")
      .map(({ provider, at, costs }) => {
        const place = at === undefined ? provider : `${provider}, at ${at}`;
        const { copied, oneTime, here, there } = costs;
        const isCarried = copied !== null && !copied.startsWith("nothing");
        const data = isCarried ? `, copies ${copied} (size unknown)` : "";
        const price = here === there ? `${here} as before` : `${here} -> ${there}`;
        return `${name} to ${place}: ${oneTime ?? "unknown"} once${data}; price: ${price}`;
      }),
  );
}
