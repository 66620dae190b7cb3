import { memberAt, textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import type { ResourceAnswer } from "../contract.ts";
import { callStripe, readBody } from "./call-stripe.ts";
import type { StripeProvisioningOptions } from "./options.ts";

/** A resource with what it reveals. */
export type Revealed = ResourceAnswer & {
  readonly kind: "complete";
  /** Milliseconds since the epoch; absent where what is revealed has no end. */
  readonly until?: number | undefined;
};

/** Asks for the credentials of a complete resource. */
export async function revealAccess(
  options: StripeProvisioningOptions,
  id: string,
): Promise<Revealed | { readonly kind: "unknown"; readonly code: string }> {
  const path = `/resources/${encodeURIComponent(id)}/reveal_access_configuration`;
  const shown = readBody(await callStripe(options, "POST", path));
  if (shown.kind !== "body") return { kind: "unknown", code: shown.code };
  const configuration = memberAt(shown.body, "configuration");
  const malformed = { kind: "unknown", code: "malformed" } as const;
  if (typeof configuration !== "object" || configuration === null) return malformed;
  const access: Record<string, Secret> = {};
  for (const [name, value] of Object.entries(configuration)) {
    if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/.test(name) || name === "__proto__") return malformed;
    if (!["string", "number", "boolean"].includes(typeof value)) return malformed;
    access[name] = new Secret(String(value));
  }
  const end = textAt(shown.body, ["expires_at"]);
  const until = end === undefined ? undefined : Date.parse(end);
  return Number.isNaN(until) ? malformed : { kind: "complete", id, access, until };
}
