import type { Json } from "../../util/canonical-json.ts";
import type { SandboxContext } from "../context.ts";
import type { ProviderAnswer } from "./provider-answer.ts";

/** A provisioned resource. Collection `resources`, by `provider/id`. */
export interface ResourceRecord {
  readonly id: string;
  readonly provider: string;
  readonly accountId: string;
  readonly serviceId: string;
  readonly kind: "deployable" | "plan";
  readonly configuration: Readonly<Record<string, Json>>;
  /** The orchestrator's own id of it. */
  readonly orchestratorResourceId: string;
  readonly environment: string;
  readonly createdAt: string;
  readonly state: "needs_information" | "provisioned" | "removing";
  /** Complete from then on; milliseconds. */
  readonly readyAt: number;
  /** Removed from then on; null when nobody asked. */
  readonly removedAt: number | null;
  /** Counts the credentials that it has had; 0 for none. */
  readonly generation: number;
  /** Sealed JSON of the access configuration; null for a plan. */
  readonly sealedAccess: string | null;
}

export type ResourceStatus =
  | "needs_information"
  | "pending"
  | "complete"
  | "pending_removal"
  | "removed";

/** Where a resource stands by the sandbox's clock. */
export function readResourceStatus(resource: ResourceRecord, now: number): ResourceStatus {
  if (resource.state === "needs_information") return "needs_information";
  if (resource.state === "removing")
    return now >= (resource.removedAt ?? 0) ? "removed" : "pending_removal";
  return now >= resource.readyAt ? "complete" : "pending";
}

/** True while it exists at the provider. */
export function isLive(resource: ResourceRecord): boolean {
  return resource.state === "provisioned";
}

/** The wire form; a complete resource shows its access configuration, null for a plan. */
export function printResource(
  context: Pick<SandboxContext, "now" | "unseal">,
  resource: ResourceRecord,
): ProviderAnswer {
  const status = readResourceStatus(resource, context.now());
  const { id, sealedAccess } = resource;
  if (status !== "complete") return { status: 200, body: { status, id } };
  const access_configuration =
    sealedAccess === null ? null : (JSON.parse(context.unseal(sealedAccess)) as Json);
  return { status: 200, body: { status, id, complete: { access_configuration } } };
}
