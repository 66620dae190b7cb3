import type { BrokerContext } from "./context.ts";
import type { BrokerErrorCode, BrokerFailure } from "./errors.ts";
import type { BrokerRequest } from "./protocol.ts";
import { readRequest } from "./read-request.ts";
import type { Caller } from "./session.ts";

/** Asking for money or power beyond one's rights. */
const BEYOND: ReadonlySet<BrokerErrorCode> = new Set([
  "not_permitted",
  "not_in_manifest",
  "session_refused",
]);

/**
 * Counts a refusal as a denial, of which many are a burst that people hear of. So that nobody can flood the log, of one kind of act in one run only the 1st,
 * 10th, 100th and so on has an entry, which tells how many there were. Reading names neither money nor power, and is not counted. It counts for the
 * stack of whoever asks, whatever stack the request names: else each name would be one denial, and no burst.
 */
export async function noteRefusal(
  { ledger, refusals, run, actor }: BrokerContext,
  input: BrokerRequest,
  { code }: BrokerFailure,
  caller?: Caller | undefined,
): Promise<void> {
  const request = BEYOND.has(code) ? readRequest(input) : undefined;
  if (request === undefined || request.verb === "read") return;
  const { verb, kind } = request;
  const { project, stack } = caller ?? request.identity;
  const identity = { ...request.identity, project, stack };
  const key = `${run()} ${verb} ${kind} ${code}`;
  const count = (refusals.get(key) ?? 0) + 1;
  refusals.set(key, count);
  const isLogged = /^10*$/.test(String(count));
  await ledger.noteRefusal(
    identity,
    isLogged
      ? {
          name: "act-denied",
          actor: actor(),
          resource: { project, stack, name: identity.resource },
          code: count === 1 ? code : `${code}_${count}_times`,
        }
      : undefined,
  );
}
