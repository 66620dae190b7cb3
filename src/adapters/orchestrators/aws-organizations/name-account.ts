import { sha256 } from "../../../util/sha256.ts";
import type { AccountRequest } from "../contract.ts";

/** What one request calls its account, and nothing else does. */
export interface AccountNames {
  /** The address of its root user; AWS has one account for each, over the whole world. */
  readonly email: string;
  /** The part of it that is the request's own, by which its account is known even where the mailbox was another one then. */
  readonly mark: string;
  /** As the organisation's list shows it. */
  readonly accountName: string;
}

/** Characters of a root user's address and of a name (API reference, `CreateAccount`). */
const EMAIL_MAX = 64;
const NAME_MAX = 50;
const EMAIL = /^(?![.])[!#$*+\-./0-9=?A-Z^_`a-z{}~]+@(?=.*\.)[A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9]$/;

/**
 * Derives both from the request, so that its account is found again by whoever repeats it, with nothing remembered. The address is a part of `rootEmail`'s mailbox
 * (`aws+sc-1a2b...@example.com`). Undefined where no address comes of it that AWS takes.
 */
export function nameAccount(
  { requestId, email, name }: Pick<AccountRequest, "requestId" | "email" | "name">,
  rootEmail: string | undefined,
): AccountNames | undefined {
  const base = (rootEmail ?? email).toLowerCase();
  const digest = sha256(JSON.stringify(["aws-account", requestId, email.toLowerCase()]));
  const [local = "", domain = ""] = base.split("@");
  const mark = `+sc-${digest.slice(0, 20)}@`;
  const address = `${local}${mark}${domain}`;
  if (address.length > EMAIL_MAX || !EMAIL.test(address)) return undefined;
  const suffix = `-${digest.slice(0, 8)}`;
  const shown = name.replace(/[^\x20-\x7e]/g, "").slice(0, NAME_MAX - suffix.length);
  return { email: address, mark, accountName: `${shown}${suffix}` };
}
