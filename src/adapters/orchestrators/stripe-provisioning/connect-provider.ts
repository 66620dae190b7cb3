import { textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import type { AccountAnswer, AccountRequest } from "../contract.ts";
import type { Failure } from "../read-answers.ts";
import { readConsentUrl } from "../read-consent-url.ts";
import { callStripe, isAbsent, readBody } from "./call-stripe.ts";
import { type Connection, findConnection } from "./find-connection.ts";
import type { StripeProvisioningOptions } from "./options.ts";

const ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/;
const STATES = new Set(["requested", "pending_auth", "needs_information", "complete", "error"]);
/** How long a request that is begun is looked at, and how often. */
const POLLS = 10;
const PAUSE_MS = 1_000;
const NO_ACCOUNT = { kind: "refused", code: "account_not_found", unsent: true } as const;

/** No connection, and why. */
type NotConnected = Exclude<AccountAnswer, { readonly kind: "connected" }>;

/**
 * Connects the provider: an active connection of this person is taken, a request that is under way is followed, and only then a new one is made, under the
 * request's own key. The id of what was begun is kept for ever, since Stripe need not tell whose a connection is that came of it.
 */
export async function connectProvider(
  options: StripeProvisioningOptions,
  request: AccountRequest,
): Promise<Connection | NotConnected> {
  const { vault, provider, sleep } = options;
  const known = await findConnection(options, { email: request.email });
  if (known !== undefined) return known.kind === "connection" ? known : notAsked(known);
  const name = `provisioning/${request.requestId}`;
  const begun = await vault.read(name);
  if (begun === undefined && request.accountId !== undefined) return NO_ACCOUNT;
  let exchange =
    begun === undefined
      ? await callStripe(
          options,
          "POST",
          "/provider_connection_requests",
          { provider, configuration: {} },
          request.requestId,
        )
      : await callStripe(options, "GET", `/provider_connection_requests/${begun.reveal()}`);
  for (let poll = 0; ; poll++) {
    const answer = readBody(exchange);
    if (begun !== undefined && isAbsent(exchange)) {
      if (request.accountId !== undefined) return NO_ACCOUNT;
      // Nothing is active, and nothing can come of it any more: the next try begins anew.
      await vault.write(name, undefined);
      return { kind: "refused", code: "request_gone" };
    }
    if (answer.kind !== "body")
      // A request that is under way is not over because it can't be looked at.
      return begun === undefined ? answer : { kind: "unknown", code: answer.code };
    const { body } = answer;
    const id = textAt(body, ["id"], ID);
    const made = textAt(body, ["provider_connection", "id"], ID);
    // The state is gone once there is a connection, by the SDK's comment on it.
    const state =
      textAt(body, ["request_status"], /^[a-z_]{1,40}$/) ?? (made === undefined ? "" : "complete");
    if (id === undefined || !STATES.has(state)) return { kind: "unknown", code: "malformed" };
    await vault.write(name, new Secret(id));
    if (state !== "requested" || poll >= POLLS) {
      const end = await settle(options, request, { state, body, made });
      const isOver = end.kind === "refused" && request.accountId === undefined;
      if (isOver) await vault.write(name, undefined);
      return end;
    }
    await sleep(PAUSE_MS);
    exchange = await callStripe(options, "GET", `/provider_connection_requests/${id}`);
  }
}

async function settle(
  options: StripeProvisioningOptions,
  { email, expiresAt, accountId }: AccountRequest,
  {
    state,
    body,
    made,
  }: { readonly state: string; readonly body: unknown; readonly made: string | undefined },
): Promise<Connection | NotConnected> {
  switch (state) {
    case "pending_auth": {
      const url = readConsentUrl(textAt(body, ["redirect_url"]));
      return url === undefined
        ? { kind: "unknown", code: "malformed" }
        : { kind: "consent", url, expiresAt };
    }
    // The request stays open at Stripe, and whoever answers there makes an account of it.
    case "needs_information":
      return { kind: "unknown", code: "needs_information" };
    case "error":
      return {
        kind: "refused",
        code: textAt(body, ["error", "code"], /^[a-z][a-z0-9_]{0,63}$/) ?? "connection_failed",
      };
    case "complete": {
      const found = await findConnection(options, { id: made, email });
      if (found === undefined)
        return accountId === undefined ? { kind: "unknown", code: "not_listed" } : NO_ACCOUNT;
      // The request itself was heard, so a look that fails never ends it.
      return found.kind === "connection" ? found : { kind: "unknown", code: found.code };
    }
    default:
      return { kind: "unknown", code: "still_requested" };
  }
}

/** A look before anything was asked for: that Stripe can't be reached is certain, and a no to the look is none to the request. */
function notAsked({ code }: Failure): NotConnected {
  return code === "unreachable"
    ? { kind: "refused", code, unsent: true }
    : { kind: "unknown", code };
}
