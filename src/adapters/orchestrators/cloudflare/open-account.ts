import { textAt } from "../../../util/json-access.ts";
import type { Secret } from "../../../util/secret.ts";
import type { AccountAnswer, AccountRequest } from "../contract.ts";
import { type ApiPlace, callApi, listAccounts, readEmail } from "./api.ts";

/**
 * Finds the person's account that a token reaches, or makes one. Of several accounts it is the one with the request's name; a token of somebody else is a mismatch.
 * Making one (`POST /accounts`, free) is repeated safely by its key.
 */
export async function openAccount(
  place: ApiPlace,
  request: AccountRequest,
  session: {
    readonly token: Secret;
    readonly refreshToken?: Secret | undefined;
    readonly expiresAt: string;
    /** May make an account in the mode `open`. */
    readonly creates: boolean;
  },
): Promise<AccountAnswer> {
  const { token } = session;
  const email = await readEmail(place, token);
  if (typeof email !== "string") return toDoubt(email);
  if (email !== request.email.toLowerCase())
    return toDoubt({ kind: "refused", code: "email_mismatch" });
  const connect = (accountId: string): AccountAnswer => ({
    kind: "connected",
    credentials: {
      accountId,
      accessToken: token,
      refreshToken: session.refreshToken,
      expiresAt: session.expiresAt,
    },
  });
  if (session.creates && request.mode !== "link" && request.accountId === undefined) {
    const made = await callApi(place, "POST", "/accounts", {
      token,
      body: { name: request.name, type: "standard", standalone: true },
      key: request.requestId,
    });
    if (made.kind !== "ok") return made;
    const id = textAt(made.result, ["id"], /^[0-9a-f]{32}$/);
    return id === undefined ? { kind: "unknown", code: "malformed" } : connect(id);
  }
  const named = await listAccounts(place, token, request.name);
  if (!isList(named)) return toDoubt(named);
  const isThere = request.accountId !== undefined && named.includes(request.accountId);
  const all =
    named.length > 0 && (isThere || request.accountId === undefined)
      ? named
      : await listAccounts(place, token);
  if (!isList(all)) return toDoubt(all);
  if (request.accountId !== undefined)
    return all.includes(request.accountId)
      ? connect(request.accountId)
      : toDoubt({ kind: "refused", code: "account_not_found" });
  const [only, ...more] = all;
  if (only === undefined) return { kind: "refused", code: "account_not_found" };
  return more.length > 0 ? { kind: "refused", code: "account_ambiguous" } : connect(only);
}

function isList(value: readonly string[] | { readonly kind: string }): value is readonly string[] {
  return Array.isArray(value);
}

/** A look that fails has made nothing, and says nothing about what was sent before. */
function toDoubt(answer: { readonly kind: string; readonly code?: string }): AccountAnswer {
  const { kind, code = "malformed" } = answer;
  return kind === "refused" ? { kind, code, unsent: true } : { kind: "unknown", code };
}
