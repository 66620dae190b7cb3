import type { ResourceAnswer } from "../../adapters/orchestrators/contract.ts";
import { eventOf, perform, settle, settleRefused } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import { type BrokerFailure, fail } from "../errors.ts";
import type { Lease } from "../ledger/ledger.ts";
import { sealSecrets } from "../secrets.ts";
import { accessParent } from "./account-access.ts";
import { nextIntent } from "./handler.ts";
import { pollPending } from "./poll.ts";

/**
 * Has the provider replace the instance's credentials, which kills the old ones. Revoked, the new ones are forgotten at once: the instance and its data stay,
 * and nobody can use them.
 */
export async function changeCredentials(
  context: BrokerContext,
  lease: Lease,
  state: "live" | "revoked",
): Promise<BrokerFailure | undefined> {
  const access = await accessParent(context, lease);
  if (!access.ok) return access;
  const { orchestrator, credential: accessToken } = access;
  const next = await nextIntent(context, lease, state === "live" ? "rotate" : "withdraw");
  const about =
    next.kind === "open"
      ? next.intent
      : { ...next.request, via: orchestrator.id, fingerprint: state };
  const done = await perform<ResourceAnswer>(context, {
    open:
      next.kind === "open"
        ? next.intent
        : {
            ...{ ...next.request, via: orchestrator.id, fingerprint: state },
            parameters: { accountLease: access.account.id },
            stoppable: state === "live",
            event: eventOf(context, about, "service-credentials-rotating"),
          },
    send: async () => {
      const first = await orchestrator.rotateResource({ accessToken, id: lease.natural });
      return pollPending(context, first, () =>
        orchestrator.readResource({ accessToken, id: lease.natural }),
      );
    },
    settleDoubt: async () => ({ kind: "send" }),
  });
  if (done.kind === "denied") return done.failure;
  if (done.kind === "waiting") return fail("not_revoked");
  const { answer } = done;
  if (answer.kind !== "complete") {
    await settleRefused(context, done.intent, answer);
    return fail("rotation_refused");
  }
  await settle(context, done.intent, {
    state: "settled",
    lease: { ...lease, state },
    secrets: state === "live" ? sealSecrets(context, lease.id, answer.access) : {},
    events: [eventOf(context, done.intent, "service-credentials-rotated")],
  });
  return undefined;
}
