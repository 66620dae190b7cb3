import { textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import type { AccountRequest, OrchestratorServices } from "../contract.ts";
import { toUnsent } from "../to-unsent.ts";
import { tagAccount } from "./account-tags.ts";
import type { AwsPlace } from "./call-aws.ts";
import { callOrganizations } from "./call-organizations.ts";
import { findOwn } from "./find-own.ts";
import { followRequest } from "./follow-request.ts";
import { judgeAccount, type Made } from "./judge-account.ts";
import { type AccountNames, nameAccount } from "./name-account.ts";
import { noteName } from "./note-name.ts";

export interface CreateOptions extends AwsPlace, Pick<OrchestratorServices, "vault"> {
  /** Where the organisation reads what AWS writes to root users; default: the principal's address. */
  readonly rootEmail?: string | undefined;
}

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
  const followed = kept && (await follow(options, request, names, kept.reveal()));
  if (followed !== undefined && followed !== "forgotten") return followed;
  const own = await findOwn(options, names);
  if (own.kind === "account") return judgeAccount(own.account, names.mark);
  if (own.kind === "under-way") return followNew(options, request, names, own.id);
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
  return followNew(options, request, names, id);
}

/** A request that AWS has just named. */
async function followNew(
  options: CreateOptions,
  request: AccountRequest,
  names: AccountNames,
  id: string,
): Promise<Made> {
  const made = await follow(options, request, names, id);
  return made === "forgotten" ? { kind: "unknown", code: "request_not_found" } : made;
}

async function follow(
  options: CreateOptions,
  { requestId }: AccountRequest,
  names: AccountNames,
  id: string,
): Promise<Made | "forgotten"> {
  await options.vault.write(noteName(requestId), new Secret(id));
  const end = await followRequest(options, id);
  if (end.kind === "forgotten") return end.kind;
  if (end.kind === "made") return { ...end, mark: names.mark };
  if (end.kind === "unknown") return { kind: "unknown", code: end.code };
  // Whoever asks again finds what there is, or begins anew with the same address.
  await options.vault.write(noteName(requestId), undefined);
  if (!IS_OWN.has(end.code)) return { kind: "refused", code: end.code };
  const own = await findOwn(options, names);
  return own.kind === "account"
    ? judgeAccount(own.account, names.mark)
    : { kind: "unknown", code: end.code };
}
