import { FAULT_KINDS, type FaultKind, type FaultRule } from "./faults.ts";

const EXECUTION_KINDS: readonly FaultKind[] = ["status500", "status500-after", "slow"];

/** Reads the body of `POST /sandbox/faults`; answers with a sentence when it is not a rule. Unknown keys are refused. */
export function readFaultRule(body: unknown): FaultRule | { readonly problem: string } {
  if (!isRecord(body)) return { problem: "the body is not an object" };
  const unknown = Object.keys(body).find(
    (key) => !["match", "kind", "nth", "times", "ms", "layer"].includes(key),
  );
  if (unknown !== undefined) return { problem: `unknown key: ${unknown}` };
  const { match, nth = 1, times = 1, ms = 1000, layer = "edge" } = body;
  const kind = FAULT_KINDS.find((known) => known === body.kind);
  if (kind === undefined) return { problem: `kind is one of: ${FAULT_KINDS.join(", ")}` };
  if (!isRecord(match) || typeof match.path !== "string" || !isPattern(match.path))
    return { problem: "match.path is a regular expression" };
  const method = match.method;
  if (method !== undefined && typeof method !== "string")
    return { problem: "match.method is a text" };
  if (!isCount(nth)) return { problem: "nth is a whole number from 1" };
  if (times !== null && !isCount(times))
    return { problem: "times is a whole number from 1, or null" };
  if (typeof ms !== "number" || !(ms >= 0 && ms <= 600_000))
    return { problem: "ms is between 0 and 600000" };
  if (layer !== "edge" && layer !== "execution") return { problem: "layer is edge or execution" };
  if (layer === "execution" && !EXECUTION_KINDS.includes(kind))
    return { problem: `in the layer execution, kind is one of: ${EXECUTION_KINDS.join(", ")}` };
  return {
    match: { method: method?.toUpperCase(), path: match.path },
    kind,
    nth,
    times,
    ms,
    layer,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
