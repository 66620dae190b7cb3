import { createHash } from "node:crypto";
import { sha256 } from "../../util/sha256.ts";
import type { SandboxContext } from "../context.ts";
import type { CredentialOwner } from "./bearer-credentials.ts";

/** Life of a code (PostHog's shipped provider: 300 s, one use). */
const CODE_LIFETIME_MS = 300_000;

/** Collection `oauth-codes`, by SHA-256 of the code. */
interface CodeRecord extends CredentialOwner {
  readonly expiresAt: number;
  readonly isUsed: boolean;
  /** PKCE, method S256; null when the account request had none. */
  readonly challenge: string | null;
}

/** Makes a code for an account. */
export function mintCode(
  context: Pick<SandboxContext, "store" | "now" | "mintSecret">,
  owner: CredentialOwner,
  challenge: string | null,
): string {
  const code = context.mintSecret("authorization-code", "code_");
  context.store.collection<CodeRecord>("oauth-codes").put(sha256(code), {
    ...owner,
    expiresAt: context.now() + CODE_LIFETIME_MS,
    isUsed: false,
    challenge,
  });
  return code;
}

/** Uses up a code; undefined when it is unknown, used, expired, of another orchestrator or provider, or its verifier does not fit. */
export function redeemCode(
  context: Pick<SandboxContext, "store" | "now">,
  code: string,
  holder: Omit<CredentialOwner, "accountId"> & { readonly verifier: string | null },
): CredentialOwner | undefined {
  const codes = context.store.collection<CodeRecord>("oauth-codes");
  const record = codes.get(sha256(code));
  if (record === undefined || record.isUsed || record.expiresAt <= context.now()) return undefined;
  if (record.provider !== holder.provider || record.orchestrator !== holder.orchestrator)
    return undefined;
  const proof = createHash("sha256")
    .update(holder.verifier ?? "")
    .digest("base64url");
  if (record.challenge !== null && record.challenge !== proof) return undefined;
  codes.put(sha256(code), { ...record, isUsed: true });
  return record;
}
