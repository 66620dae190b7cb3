/** What the engine would do to one resource; the names are those of its preview. */
export type EngineOp =
  | "create"
  | "update"
  | "replace"
  | "delete"
  | "same"
  | "read"
  | "refresh"
  | "import"
  | "discard"
  | "create-replacement"
  | "delete-replaced"
  | "read-replacement"
  | "import-replacement"
  | "read-discard"
  | "discard-replaced"
  | "remove-pending-replace";

/** One step of a preview. Values are left out on purpose: names of inputs are all that a review needs but for a service's, and no secret can be in them. */
export interface EngineStep {
  readonly op: EngineOp;
  readonly urn: string;
  /** The engine's type token, `cloudflare:index/r2Bucket:R2Bucket`. */
  readonly type: string;
  /** The logical name, which is the name of the lowered resource. */
  readonly name: string;
  /** Inputs that differ, `rules[0].enabled`. */
  readonly changedKeys: readonly string[];
  /** The service of the catalogue that a `supercargo_service_instance` was, as its type does not say; undefined where it is not known. */
  readonly formerService?: string | undefined;
}
