import type { Json } from "../../util/canonical-json.ts";
import type { Intent, Lease } from "../ledger/ledger.ts";

/**
 * What is noted of a lease that is known from a settled doubt alone: the fingerprint of the inputs that it was asked for with, which the journal keeps in
 * their place. Until its resource is asked for again it is in state `opening`, and it is never bought again.
 */
const NOTE = "vouchedFor";

/** The notes of such a lease. */
export function vouchFor({ fingerprint, parameters }: Intent): Readonly<Record<string, Json>> {
  return { [NOTE]: fingerprint, renewal: parameters.renewal ?? "" };
}

/** The fingerprint that its inputs must have; undefined for every lease that is known from an answer. */
export function vouchedInputs({ notes, state }: Pick<Lease, "notes" | "state">) {
  const fingerprint = notes[NOTE];
  return state === "opening" && typeof fingerprint === "string" ? fingerprint : undefined;
}
