import type { BrokerContext } from "./context.ts";
import type { BrokerErrorCode, BrokerFailure } from "./errors.ts";
import type { BrokerRequest } from "./protocol.ts";
import { readRequest } from "./read-request.ts";

/** Asking for money or power beyond one's rights. */
const BEYOND: ReadonlySet<BrokerErrorCode> = new Set([
  "not_permitted",
  "not_in_manifest",
  "session_refused",
]);

/**
 * Counts a refusal as a denial, of which many are a burst that people hear of. So that nobody can flood the log, of one kind of act in one run only the 1st,
 * 10th, 100th and so on has an entry, which tells how many there were. Reading names neither money nor power, and is not counted.
 */
export async function noteRefusal(
  { ledger, refusals, run, actor }: BrokerContext,
  input: BrokerRequest,
  { code }: BrokerFailure,
): Promise<void> {
  const request = BEYOND.has(code) ? readRequest(input) : undefined;
  if (request === undefined || request.verb === "read") return;
  const { verb, kind, identity } = request;
  const key = `${run()} ${verb} ${kind} ${code}`;
  const count = (refusals.get(key) ?? 0) + 1;
  refusals.set(key, count);
  const isLogged = /^10*$/.test(String(count));
  const { project, stack, resource: name } = identity;
  await ledger.noteRefusal(
    identity,
    isLogged
      ? {
          name: "act-denied",
          actor: actor(),
          resource: { project, stack, name },
          code: count === 1 ? code : `${code}_${count}_times`,
        }
      : undefined,
  );
}
