import type { AccountRequest } from "../../adapters/orchestrators/contract.ts";
import type { Lease } from "../ledger/ledger.ts";

/** The account's own request, for nothing but a session with it. */
export function askForKnown({ notes, natural }: Lease): AccountRequest {
  const { requestId, expiresAt, email, name, mode } = notes;
  return {
    requestId: String(requestId),
    expiresAt: String(expiresAt),
    email: String(email),
    name: String(name),
    mode: mode === "link" ? "link" : undefined,
    accountId: natural,
  };
}
