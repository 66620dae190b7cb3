import { sha256 } from "../../util/sha256.ts";
import type { AccountRecord, SandboxContext } from "../context.ts";
import { buildHtmlPage, escapeHtml } from "../html-page.ts";
import type { OrchestratorId } from "../orchestrator/identities.ts";
import type { AccountRequestRecord } from "./account-requests.ts";
import { mintCode } from "./authorization-codes.ts";
import type { ProviderAnswer } from "./provider-answer.ts";
import { type ProviderCall, readText } from "./provider-call.ts";

/** How long a person has (PostHog's shipped provider: 600 s), if the request does not end before. */
const CONSENT_LIFETIME_MS = 600_000;

/** A question to a person. Collection `consents`, by SHA-256 of the confirmation secret. */
interface ConsentRecord {
  readonly provider: string;
  readonly orchestrator: OrchestratorId;
  /** Key of the account request's record. */
  readonly request: string;
  readonly email: string;
  readonly expiresAt: number;
  readonly isAnswered: boolean;
  readonly challenge: string | null;
}

/** Answers `requires_auth` with the address of the provider's consent page; `state` is the request's confirmation secret. */
export function askConsent(call: ProviderCall, request: string): ProviderAnswer {
  const { context, provider, body } = call;
  const secret = readText(body, "confirmation_secret") ?? "";
  const consents = context.store.collection<ConsentRecord>("consents");
  const ends = Date.parse(readText(body, "expires_at") ?? "");
  consents.put(sha256(secret), {
    provider,
    orchestrator: call.orchestrator.id,
    request,
    email: (readText(body, "email") ?? "").toLowerCase(),
    expiresAt: Math.min(context.now() + CONSENT_LIFETIME_MS, ends),
    isAnswered: false,
    challenge: readText(body, "code_challenge") ?? null,
  });
  const query = new URLSearchParams({ state: secret, scope: "provisioning" });
  const url = `${context.controlUrl}/providers/${encodeURIComponent(provider)}/authorize?${query}`;
  return {
    status: 200,
    body: { type: "requires_auth", requires_auth: { type: "redirect", redirect: { url } } },
  };
}

/** `GET /providers/<provider>/authorize?state=`: what the person is asked. No signature: a person's browser has none. */
export function showConsentPage(context: SandboxContext, provider: string, url: URL): Response {
  const state = url.searchParams.get("state") ?? "";
  const consent = findConsent(context, provider, state);
  if (consent === undefined) return buildGonePage();
  const name = escapeHtml(provider);
  const form = `<form method="post" action="/providers/${encodeURIComponent(provider)}/authorize/confirm">
<input type="hidden" name="state" value="${escapeHtml(state)}">
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form>`;
  return buildHtmlPage(
    `Link your ${name} account`,
    `<p>The orchestrator ${consent.orchestrator} asks to manage the ${name} account of ${escapeHtml(consent.email)}.</p>${form}`,
  );
}

/**
 * `POST /providers/<provider>/authorize/confirm` (form: `state`, `decision` allow or deny, `email` of the person who is logged in, by default the right one): sends the
 * browser to the orchestrator's callback with `code` or `error`. A person with another e-mail address is refused with `email_mismatch`.
 */
export function confirmConsent(context: SandboxContext, provider: string, body: string): Response {
  const form = new URLSearchParams(body);
  const state = form.get("state") ?? "";
  const consent = findConsent(context, provider, state);
  if (consent === undefined) return buildGonePage();
  const email = form.get("email");
  if (email !== null && email.toLowerCase() !== consent.email)
    return buildHtmlPage(
      "email_mismatch",
      "<p>Log in with the account that was asked for.</p>",
      403,
    );
  const callback = new URL(`${context.controlUrl}/orchestrator/${consent.orchestrator}/callback`);
  callback.searchParams.set("state", state);
  const consents = context.store.collection<ConsentRecord>("consents");
  consents.put(sha256(state), { ...consent, isAnswered: true });
  const account = context.store
    .collection<AccountRecord>("accounts")
    .list()
    .find(
      (one) =>
        one.provider === provider && one.email.toLowerCase() === consent.email && !one.closed,
    );
  const requests = context.store.collection<AccountRequestRecord>("account-requests");
  const request = requests.get(consent.request);
  if (form.get("decision") === "deny" || account === undefined) {
    if (request !== undefined) requests.put(consent.request, { ...request, isDenied: true });
    callback.searchParams.set("error", "access_denied");
    return redirect(callback);
  }
  const { accountId } = account;
  if (request !== undefined) requests.put(consent.request, { ...request, accountId });
  const owner = { provider, accountId, orchestrator: consent.orchestrator };
  callback.searchParams.set("code", mintCode(context, owner, consent.challenge));
  return redirect(callback);
}

function findConsent(
  context: SandboxContext,
  provider: string,
  state: string,
): ConsentRecord | undefined {
  const consent = context.store.collection<ConsentRecord>("consents").get(sha256(state));
  if (consent === undefined || consent.isAnswered || consent.provider !== provider)
    return undefined;
  return consent.expiresAt > context.now() ? consent : undefined;
}

function buildGonePage(): Response {
  return buildHtmlPage("Nothing to confirm", "<p>This link is used, expired or wrong.</p>", 410);
}

function redirect(url: URL): Response {
  return new Response(null, { status: 303, headers: { location: url.href } });
}
