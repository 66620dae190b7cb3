import type { EngineStep } from "../index.ts";
import type { Paint } from "./style.ts";

const MARKS = {
  same: " ",
  create: "+",
  update: "~",
  replace: "+-",
  delete: "-",
  read: ">",
  refresh: "~",
  import: "=",
} as const satisfies Record<EngineStep["operation"], string>;

/** The longest value that is shown, in characters. */
const VALUE_MAX = 96;

/** The engine's own steps, with the inputs that it would send; secrets and unknown values are masked by then. */
export function renderDiff(steps: readonly EngineStep[], paint: Paint): string {
  const changed = steps.filter(({ operation }) => operation !== "same");
  if (changed.length === 0) return "  nothing";
  return changed.map((step) => renderStep(step, paint)).join("\n");
}

function renderStep(step: EngineStep, paint: Paint): string {
  const { operation, type, name, changed, before = {}, after = {} } = step;
  const color = operation === "create" ? "green" : operation === "delete" ? "red" : "yellow";
  const head = `  ${paint(color, `${MARKS[operation]} ${name}`)}  ${paint("dim", type)}`;
  if (operation === "delete") return head;
  const names = operation === "create" ? Object.keys(after) : changed;
  const lines = names.map((key) => {
    const was =
      operation === "create" || before[key] === undefined ? "" : `${show(before[key])} => `;
    return `      ${key}: ${was}${show(after[key])}`;
  });
  return [head, ...lines].join("\n");
}

function show(value: unknown): string {
  // Text of a manifest may hold what a terminal acts upon; JSON escapes control characters, the rest is replaced.
  const text = (JSON.stringify(value) ?? "(none)").replace(/[^\x20-\x7e]/gu, "?");
  return text.length <= VALUE_MAX ? text : `${text.slice(0, VALUE_MAX - 3)}...`;
}
