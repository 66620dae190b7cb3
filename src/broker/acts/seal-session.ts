import type { AccountCredentials, Claim } from "../../adapters/orchestrators/contract.ts";
import { Secret } from "../../util/secret.ts";
import type { BrokerContext } from "../context.ts";
import { sealSecrets } from "../secrets.ts";

/** What an account's lease keeps of a session: its credentials, and the claim link, which is as good as the account itself. */
export function sealSession(
  context: BrokerContext,
  lease: string,
  { accessToken, refreshToken, expiresAt }: AccountCredentials,
  claim?: Claim | undefined,
): Readonly<Record<string, string>> {
  return sealSecrets(context, lease, {
    accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(claim?.url === undefined ? {} : { claimUrl: claim.url }),
    expiresAt: new Secret(expiresAt),
  });
}
