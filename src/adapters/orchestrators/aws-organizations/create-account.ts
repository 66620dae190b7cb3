import { textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import type { AccountRequest, OrchestratorServices, Refused } from "../contract.ts";
import { tagAccount } from "./account-tags.ts";
import type { AwsPlace } from "./call-aws.ts";
import { callOrganizations } from "./call-organizations.ts";
import { findOwn } from "./find-own.ts";
import { followRequest } from "./follow-request.ts";
import { type AccountNames, nameAccount } from "./name-account.ts";
import { noteName } from "./note-name.ts";
import type { OrganizationAccount } from "./read-account.ts";
import { toUnsent } from "./to-unsent.ts";

export interface CreateOptions extends AwsPlace, Pick<OrchestratorServices, "sleep" | "vault"> {
  /** Where the organisation reads what AWS writes to root users; default: the principal's address. */
  readonly rootEmail?: string | undefined;
}

export type Made =
  | { readonly kind: "made"; readonly accountId: string; readonly email: string }
  | Refused
  | { readonly kind: "unknown"; readonly code: string };

/** A request failed because AWS has an account of its address, or is making one: nobody else's, since the address is made of the request. */
const IS_OWN: ReadonlySet<string> = new Set([
  "email_already_exists",
  "concurrent_account_modification",
]);

/**
 * The one account of a request. `CreateAccount` knows no idempotency key, but AWS has at most one account for an address, and that is derived from the request. So
 * what has come of the request is looked for before anything is sent, and a second account can't be, whatever was lost. The id of AWS's own request is kept.
 */
export async function createAccount(
  options: CreateOptions,
  request: AccountRequest,
): Promise<Made> {
  const names = nameAccount(request, options.rootEmail);
  if (names === undefined) return { kind: "refused", code: "email_unusable", unsent: true };
  const kept = await options.vault.read(noteName(request.requestId));
  if (kept !== undefined) return follow(options, request, names, kept.reveal());
  const own = await findOwn(options, names);
  if (own.kind === "account") return judge(own.account, names);
  if (own.kind === "under-way") return follow(options, request, names, own.id);
  if (own.kind !== "nothing") return toUnsent(own);
  const sent = await callOrganizations(options, "CreateAccount", {
    Email: names.email,
    AccountName: names.accountName,
    Tags: tagAccount(request),
  });
  if (sent.kind !== "ok")
    return sent.isAboutAsker ? toUnsent(sent) : { kind: sent.kind, code: sent.code };
  const id = textAt(sent.result, ["CreateAccountStatus", "Id"]);
  if (id === undefined) return { kind: "unknown", code: "malformed" };
  return follow(options, request, names, id);
}

async function follow(
  options: CreateOptions,
  { requestId }: AccountRequest,
  names: AccountNames,
  id: string,
): Promise<Made> {
  await options.vault.write(noteName(requestId), new Secret(id));
  const end = await followRequest(options, options.sleep, id);
  if (end.kind === "made") return { ...end, email: names.email };
  if (end.kind === "unknown") return { kind: "unknown", code: end.code };
  // Whoever asks again finds what there is, or begins anew with the same address.
  await options.vault.write(noteName(requestId), undefined);
  if (!IS_OWN.has(end.code)) return { kind: "refused", code: end.code };
  const own = await findOwn(options, names);
  return own.kind === "account" ? judge(own.account, names) : { kind: "unknown", code: end.code };
}

function judge({ id, isCreated, state }: OrganizationAccount, { email }: AccountNames): Made {
  if (!isCreated) return { kind: "unknown", code: "account_mismatch" };
  if (state === "over") return { kind: "refused", code: "account_closed" };
  if (state === "beginning") return { kind: "unknown", code: "under_way" };
  return { kind: "made", accountId: id, email };
}
