import { readFileSync } from "node:fs";
import { checkpointFile, type StackPlace } from "./stack-place.ts";

/** A resource in the state, as far as we look at it. */
export interface CheckpointResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The stack's state, secrets still encrypted (pulumi `sdk/go/common/apitype/core.go`, CheckpointV3). */
export interface Checkpoint {
  readonly resources: readonly CheckpointResource[];
  /** Operations that were begun and whose end was never written. */
  readonly pending: readonly {
    readonly operation: string;
    readonly resource: CheckpointResource;
  }[];
}

/** Reads the state without starting the engine: `absent` when the stack does not exist, `unreadable` when it is damaged. */
export function readCheckpoint(place: StackPlace): Checkpoint | "absent" | "unreadable" {
  let text: string;
  try {
    text = readFileSync(checkpointFile(place), "utf8");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "absent" : "unreadable";
  }
  try {
    const checkpoint = record(record(JSON.parse(text)).checkpoint);
    const latest = record(checkpoint.latest ?? {});
    return {
      resources: list(latest.resources).map(readResource),
      pending: list(latest.pending_operations).map((operation) => ({
        operation: String(record(operation).type),
        resource: readResource(record(operation).resource),
      })),
    };
  } catch {
    return "unreadable";
  }
}

function readResource(value: unknown): CheckpointResource {
  const { urn, type, inputs, outputs } = record(value);
  return {
    urn: String(urn),
    type: String(type),
    inputs: inputs === undefined ? {} : record(inputs),
    outputs: outputs === undefined ? {} : record(outputs),
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new TypeError("not an object");
  }
  return value as Readonly<Record<string, unknown>>;
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new TypeError("not a list");
  return value;
}
