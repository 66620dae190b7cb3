import { memberAt, textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import type { AccountAnswer, AccountRequest } from "../contract.ts";
import { readConsentUrl } from "../read-consent-url.ts";
import { callStripe, isAbsent, readBody } from "./call-stripe.ts";
import { listAll } from "./list-all.ts";
import type { StripeProvisioningOptions } from "./options.ts";

const ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/;
const STATES = new Set(["requested", "pending_auth", "needs_information", "complete", "error"]);
/** How long a request that is begun is looked at, and how often. */
const POLLS = 10;
const PAUSE_MS = 1_000;
/** A connection has no end that Stripe tells; it is looked at again after this. */
const SESSION_MS = 24 * 3_600_000;

/**
 * Connects the provider: an active connection of this person is taken, a request that is under way is followed, and only then a new one is made, under the
 * request's own key. The connection's id stands for the session: the API knows no other credential.
 */
export async function connectProvider(
  options: StripeProvisioningOptions,
  request: AccountRequest,
): Promise<AccountAnswer> {
  const { vault, provider, sleep } = options;
  const known = await findConnection(options, request.email);
  if (known !== undefined) return known;
  if (request.accountId !== undefined)
    return { kind: "refused", code: "account_not_found", unsent: true };
  const name = `provisioning/${request.requestId}`;
  const begun = await vault.read(name);
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
      // Nothing is active, and nothing can come of it any more: the next try begins anew.
      await vault.write(name, undefined);
      return { kind: "refused", code: "request_gone" };
    }
    if (answer.kind !== "body")
      // A request that is under way is not over because it can't be looked at.
      return begun === undefined ? answer : { kind: "unknown", code: answer.code };
    const { body } = answer;
    const id = textAt(body, ["id"], ID);
    const state = textAt(body, ["request_status"], /^[a-z_]{1,40}$/) ?? "";
    if (id === undefined || !STATES.has(state)) return { kind: "unknown", code: "malformed" };
    await vault.write(name, new Secret(id));
    if (state !== "requested" || poll >= POLLS) {
      const end = await settle(options, request, state, body);
      if (end.kind === "refused") await vault.write(name, undefined);
      return end;
    }
    await sleep(PAUSE_MS);
    exchange = await callStripe(options, "GET", `/provider_connection_requests/${id}`);
  }
}

async function settle(
  options: StripeProvisioningOptions,
  request: AccountRequest,
  state: string,
  body: unknown,
): Promise<AccountAnswer> {
  switch (state) {
    case "pending_auth": {
      const url = readConsentUrl(textAt(body, ["redirect_url"]));
      return url === undefined
        ? { kind: "unknown", code: "malformed" }
        : { kind: "consent", url, expiresAt: request.expiresAt };
    }
    // The request stays open at Stripe, and whoever answers there makes an account of it.
    case "needs_information":
      return { kind: "unknown", code: "needs_information" };
    case "error":
      return {
        kind: "refused",
        code: textAt(body, ["error", "code"], /^[a-z][a-z0-9_]{0,63}$/) ?? "connection_failed",
      };
    case "complete":
      return (
        (await findConnection(options, request.email)) ?? { kind: "unknown", code: "not_listed" }
      );
    default:
      return { kind: "unknown", code: "still_requested" };
  }
}

/** The active connection of this person at the provider; another person's is none. */
async function findConnection(
  options: StripeProvisioningOptions,
  email: string,
): Promise<AccountAnswer | undefined> {
  const answer = await listAll(options, "/provider_connections");
  if (answer.kind !== "listed")
    return answer.code === "unreachable"
      ? { kind: "refused", code: answer.code, unsent: true }
      : { kind: "unknown", code: answer.code };
  const own = answer.rows.find(
    (row) =>
      memberAt(row, "provider") === options.provider &&
      memberAt(row, "status") === "active" &&
      textAt(row, ["provider_account_details", "primary_email"])?.toLowerCase() ===
        email.toLowerCase(),
  );
  if (own === undefined) return undefined;
  const id = textAt(own, ["id"], ID);
  const accountId = textAt(own, ["provider_account"], ID);
  if (id === undefined || accountId === undefined) return { kind: "unknown", code: "malformed" };
  const expiresAt = new Date(options.now() + SESSION_MS).toISOString();
  return { kind: "connected", credentials: { accountId, accessToken: new Secret(id), expiresAt } };
}
