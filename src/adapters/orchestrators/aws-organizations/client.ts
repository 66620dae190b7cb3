import { memberAt, textAt } from "../../../util/json-access.ts";
import { createAccountOnly } from "../account-only.ts";
import type { AccountAnswer, AccountRequest, Orchestrator } from "../contract.ts";
import { toUnsent } from "../to-unsent.ts";
import { assumeRole } from "./assume-role.ts";
import { type CreateOptions, createAccount } from "./create-account.ts";
import { findLinked } from "./find-linked.ts";
import awsOrganizations from "./index.ts";
import { judgeAccount } from "./judge-account.ts";
import { judgeState } from "./judge-state.ts";
import { noteName } from "./note-name.ts";
import { readAccount } from "./read-account.ts";
import { readOrganizations } from "./read-organizations.ts";

/** How often the role of a fresh account is tried, and milliseconds between: it may not be there yet when the account is. */
const ENTRIES = 6;
const ENTRY_PAUSE_MS = 5_000;

/** Accounts of an organisation at AWS. Nothing here ever closes one. */
export function createAwsOrganizations(options: CreateOptions): Orchestrator {
  return createAccountOnly({
    id: awsOrganizations.id,
    capabilities: awsOrganizations.capabilities,
    makesAnother: true,

    async isHealthy() {
      const answer = await readOrganizations(options, "DescribeOrganization", {});
      const owner = memberAt(answer.kind === "ok" ? answer.result : undefined, "Organization");
      return textAt(owner, ["MasterAccountId"], /^\d{12}$/) !== undefined;
    },

    async requestAccount(request) {
      if (request.accountId !== undefined) return reopen(options, request.accountId);
      if (request.mode === "link") {
        const found = await findLinked(options, request);
        return found.kind === "found" ? reopen(options, found.accountId) : found;
      }
      return open(options, request);
    },

    async dropRequest(requestId) {
      await options.vault.write(noteName(requestId), undefined);
      return { kind: "ended" };
    },
  });
}

async function open(options: CreateOptions, request: AccountRequest): Promise<AccountAnswer> {
  const made = await createAccount(options, request);
  if (made.kind !== "made") return made;
  const { accountId, mark } = made;
  // Observed, not believed: nobody else's account is entered.
  const seen = await readOrganizations(options, "DescribeAccount", { AccountId: accountId });
  if (seen.kind !== "ok") return { kind: "unknown", code: seen.code };
  const account = readAccount(memberAt(seen.result, "Account"));
  if (account === undefined || account.id !== accountId)
    return { kind: "unknown", code: "account_mismatch" };
  const judged = judgeAccount(account, mark);
  if (judged.kind !== "made") return judged;
  for (let entry = 1; ; entry++) {
    const assumed = await enter(options, accountId);
    if (assumed.kind === "connected") return assumed;
    if (assumed.kind === "unknown" || assumed.code !== "unauthorized" || entry === ENTRIES)
      return { kind: "unknown", code: assumed.code };
    await options.sleep(ENTRY_PAUSE_MS);
  }
}

/** A session with an account that there is. */
async function reopen(options: CreateOptions, accountId: string): Promise<AccountAnswer> {
  const seen = await readOrganizations(options, "DescribeAccount", { AccountId: accountId });
  if (seen.kind !== "ok") return toUnsent(seen);
  const account = readAccount(memberAt(seen.result, "Account"));
  if (account === undefined || account.id !== accountId || account.isManaging)
    return { kind: "unknown", code: "account_mismatch" };
  const doubt = judgeState(account.state);
  if (doubt !== undefined) return toUnsent(doubt);
  const assumed = await enter(options, accountId);
  return assumed.kind === "connected" ? assumed : toUnsent(assumed);
}

async function enter(options: CreateOptions, accountId: string) {
  const assumed = await assumeRole(options, accountId);
  if (assumed.kind !== "assumed") return assumed;
  const { session: accessToken, expiresAt } = assumed;
  return { kind: "connected", credentials: { accountId, accessToken, expiresAt } } as const;
}
