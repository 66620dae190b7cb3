import type { AccountRecord, SandboxContext } from "../context.ts";
import type { OrchestratorIdentity } from "../orchestrator/identities.ts";
import type { ProviderService } from "./provider-service.ts";
import type { ProviderSettings } from "./provider-settings.ts";

/** A signed call to a provider, after signature, version and body were checked. */
export interface ProviderCall {
  readonly context: SandboxContext;
  readonly provider: string;
  /** By service id. */
  readonly services: ReadonlyMap<string, ProviderService>;
  readonly settings: ProviderSettings;
  /** Whose signature it bears. */
  readonly orchestrator: OrchestratorIdentity;
  /** Empty when the body was. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly idempotencyKey: string | undefined;
  /** Thumbprint of the key that the call is proved with; undefined where it is signed by the orchestrator instead. */
  readonly jkt?: string | undefined;
}

/** A call that bears an account's token too. */
export interface AccountCall extends ProviderCall {
  readonly account: AccountRecord;
}

/** A field of a body when it is a text that is not empty. */
export function readText(
  body: Readonly<Record<string, unknown>>,
  name: string,
): string | undefined {
  const value = body[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A field of a body when it is an object. */
export function readObject(
  body: Readonly<Record<string, unknown>>,
  name: string,
): Readonly<Record<string, unknown>> | undefined {
  const value = body[name];
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
