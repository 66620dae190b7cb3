import type { Json } from "../util/canonical-json.ts";
import type { EngineJob, EngineResult, EngineRun } from "./run-engine.ts";
import type { StackPlace } from "./stack-place.ts";

/** A resource that the stack has, as its state tells. */
export interface StackResource {
  /** As in the engine's steps. */
  readonly urn: string;
  /** The engine's type. */
  readonly type: string;
  /** The lowered resource's. */
  readonly name: string;
  /** Its arguments in the engine's own spelling; may hold secrets. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** What a stack's state holds. */
export interface StackContent {
  /** Without the engine's own: the stack itself, providers. */
  readonly resources: readonly StackResource[];
  readonly outputs: Readonly<Record<string, Json>>;
}

/** The acts of one engine. They answer with values; nothing of what a program, a plugin or a provider says is in them. */
export interface EngineDriver {
  /** Makes ready what the engine keeps of the stack. */
  ensureStack(run: EngineRun): Promise<EngineResult<{ readonly created: boolean }>>;
  /** Says what `upStack` would do; changes nothing, asks no provider. */
  previewStack(run: EngineRun): Promise<EngineResult>;
  /** Makes the stack what its program says; with `only`, URNs of a preview's steps, nothing else is touched. Not every engine can do a part. */
  upStack(run: EngineRun, only?: readonly string[]): Promise<EngineResult>;
  /** Removes what the stack made; registered domains stay. */
  destroyStack(run: EngineRun): Promise<EngineResult>;
  /** Reads some of our own resources, by name, into the state. */
  refreshLeases(run: EngineRun, names: readonly string[]): Promise<EngineResult>;
  /** Whether a run was broken off in the middle of something. */
  isInterrupted(place: StackPlace): boolean;
  /** What the state holds; `absent` when the stack does not exist, `unreadable` when its state is damaged. */
  readStack(job: EngineJob): Promise<StackContent | "absent" | "unreadable">;
}
