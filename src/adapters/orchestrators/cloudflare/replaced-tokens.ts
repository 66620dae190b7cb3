import { Secret } from "../../../util/secret.ts";
import type { SessionEnd } from "../contract.ts";
import type { AdapterVault } from "../vault.ts";
import { readEmail } from "./api.ts";
import type { OauthPlace } from "./oauth-calls.ts";

/**
 * Ends the access token that a refresh has replaced, if it still works. A server may end the whole consent with one of its tokens (RFC 7009, section 2.1): where
 * that was seen once it is remembered, and replaced tokens are left to expire.
 */
export function createReplacedTokens(
  place: OauthPlace & { readonly vault: AdapterVault },
  revoke: (tokens: readonly Secret[]) => Promise<SessionEnd>,
) {
  const seen = `oauth-ends-all/${place.clientId}/${place.revokeUrl}`;
  return {
    /** That it fails is no failure of the refresh. False: it has ended the fresh token, too. */
    async end(old: Secret, fresh: Secret): Promise<boolean> {
      const isSame = old.reveal() === fresh.reveal();
      if (isSame || (await place.vault.read(seen)) !== undefined) return true;
      if (typeof (await readEmail(place, old)) !== "string") return true;
      await revoke([old]);
      const after = await readEmail(place, fresh);
      const isOver =
        typeof after !== "string" && after.kind === "refused" && after.code === "unauthorized";
      if (isOver) await place.vault.write(seen, new Secret("seen"));
      return !isOver;
    },
  };
}
