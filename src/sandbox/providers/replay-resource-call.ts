import { canonicalJson, type Json } from "../../util/canonical-json.ts";
import { sha256 } from "../../util/sha256.ts";
import { readResource } from "./manage-resource.ts";
import { buildStatusError, type ProviderAnswer } from "./provider-answer.ts";
import type { AccountCall } from "./provider-call.ts";

/** Collection `provider-keys`, by provider, account and Idempotency-Key. */
interface KeyRecord {
  /** Hash of the call's route and body. */
  readonly fingerprint: string;
  readonly resourceId: string;
}

/**
 * Runs a call once per `Idempotency-Key` of the account: a repetition does nothing and answers with the resource as it stands by then. The same key with
 * another route or body is `idempotency_conflict`. An error or a question leaves the key free; without the header the work just runs.
 */
export function replayResourceCall(
  call: AccountCall,
  route: string,
  work: () => ProviderAnswer,
): ProviderAnswer {
  if (call.idempotencyKey === undefined) return work();
  const { context, provider, account } = call;
  const keys = context.store.collection<KeyRecord>("provider-keys");
  const key = JSON.stringify([provider, account.accountId, call.idempotencyKey]);
  const fingerprint = sha256(canonicalJson([route, call.body as Json]));
  const known = keys.get(key);
  if (known !== undefined && known.fingerprint !== fingerprint)
    return buildStatusError(409, "idempotency_conflict", known.resourceId);
  if (known !== undefined) return readResource(call, known.resourceId);
  const answer = work();
  const { id, status } = answer.body as { readonly id?: unknown; readonly status?: unknown };
  if (answer.status === 200 && typeof id === "string" && status !== "needs_information")
    keys.put(key, { fingerprint, resourceId: id });
  return answer;
}
