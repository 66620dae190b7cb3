import { Secret } from "../../../util/secret.ts";
import { sha256 } from "../../../util/sha256.ts";
import type { AdapterVault } from "../vault.ts";
import type { Session } from "./oauth-calls.ts";

/** A session, and the account that it was used for. */
export interface KeptSession extends Session {
  readonly accountId?: string | undefined;
  /** Its refresh token was sent, and what came of that is not known, or a no. */
  readonly isSent?: true | undefined;
}

/** The newest session of each account request: kept before it is handed on, so that a process that dies in between leaves none that nobody knows. */
export interface KeptSessions {
  read(requestId: string): Promise<KeptSession | undefined>;
  /** The request whose newest refresh token, or the one before, this is. */
  find(refreshToken: Secret): Promise<string | undefined>;
  write(requestId: string, session: KeptSession): Promise<void>;
  forget(requestId: string): Promise<void>;
}

/** As text in the vault. */
interface Kept {
  readonly token: string;
  readonly refreshToken?: string | undefined;
  readonly expiresAt: string;
  readonly accountId?: string | undefined;
  readonly isSent?: true | undefined;
  /** The refresh token before this one, as a hash. */
  readonly before?: string | undefined;
}

/** Keeps them in the adapter's vault. */
export function openKeptSessions(vault: AdapterVault): KeptSessions {
  const nameSession = (requestId: string) => `oauth-session/${requestId}`;
  const nameRefresh = (hash: string) => `oauth-refresh/${hash}`;
  const readKept = async (requestId: string): Promise<Kept | undefined> => {
    const secret = await vault.read(nameSession(requestId));
    return secret === undefined ? undefined : (JSON.parse(secret.reveal()) as Kept);
  };
  const unlink = async (hash: string | undefined) => {
    if (hash !== undefined) await vault.write(nameRefresh(hash), undefined);
  };
  return {
    async read(requestId) {
      const kept = await readKept(requestId);
      if (kept === undefined) return undefined;
      const { token, refreshToken, expiresAt, accountId, isSent } = kept;
      return {
        token: new Secret(token),
        refreshToken: refreshToken === undefined ? undefined : new Secret(refreshToken),
        expiresAt,
        accountId,
        isSent,
      };
    },
    find: async (refreshToken) =>
      (await vault.read(nameRefresh(sha256(refreshToken.reveal()))))?.reveal(),
    async write(requestId, { token, refreshToken, expiresAt, accountId, isSent }) {
      const old = await readKept(requestId);
      const own = hash(refreshToken?.reveal());
      const last = hash(old?.refreshToken);
      const kept: Kept = {
        token: token.reveal(),
        refreshToken: refreshToken?.reveal(),
        expiresAt,
        accountId,
        isSent,
        before: last === own ? old?.before : last,
      };
      await vault.write(nameSession(requestId), new Secret(JSON.stringify(kept)));
      if (own !== undefined) await vault.write(nameRefresh(own), new Secret(requestId));
      if (old?.before !== own && old?.before !== kept.before) await unlink(old?.before);
    },
    async forget(requestId) {
      const kept = await readKept(requestId);
      await unlink(hash(kept?.refreshToken));
      await unlink(kept?.before);
      await vault.write(nameSession(requestId), undefined);
    },
  };
}

function hash(text: string | undefined): string | undefined {
  return text === undefined ? undefined : sha256(text);
}
