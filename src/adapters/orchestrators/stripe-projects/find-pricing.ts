import { listAt, memberAt, textAt } from "../../../util/json-access.ts";
import type { PricingAnswer } from "../contract.ts";
import type { Ask } from "./command-line.ts";

/** What the catalogue says of a service as Stripe has it now: `--refresh`, since the CLI keeps a copy. By provider, because the whole may print nothing (protocol, 1.6). */
export async function findPricing(
  ask: Ask,
  provider: string,
  service: string,
): Promise<PricingAnswer> {
  const listed = await ask("catalog", provider, "--refresh");
  if (listed.kind !== "ok") return { kind: "unknown", code: listed.code };
  const rows = listAt(listed.data, "services");
  if (rows === undefined) return { kind: "unknown", code: "malformed" };
  const row = rows.find(
    (one) =>
      textAt(one, ["provider_name"])?.toLowerCase() === provider &&
      memberAt(one, "service_id") === service,
  );
  return row === undefined
    ? { kind: "absent" }
    : { kind: "listed", pricing: memberAt(row, "pricing") };
}
