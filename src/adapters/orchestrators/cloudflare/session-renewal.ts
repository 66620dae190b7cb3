import type { Secret } from "../../../util/secret.ts";
import type { Failure } from "../read-answers.ts";
import type { KeptSession, KeptSessions } from "./kept-sessions.ts";
import type { createOauthCalls, Session } from "./oauth-calls.ts";

type Renewed = (Session & { readonly kind: "session" }) | Failure;

/** How a kept session gets a successor, or its end: none is replaced by another consent while it may still be good for something. */
export function createSessionRenewal(
  calls: ReturnType<typeof createOauthCalls>,
  sessions: KeptSessions,
  now: () => number,
) {
  /** An answer without a refresh token leaves the old one good (RFC 6749, section 6). */
  const send = async (refreshToken: Secret): Promise<Renewed> => {
    const grant = { grant_type: "refresh_token", refresh_token: refreshToken.reveal() };
    const fresh = await calls.exchange(grant);
    return fresh.kind === "session"
      ? { ...fresh, refreshToken: fresh.refreshToken ?? refreshToken }
      : fresh;
  };
  return {
    /** For a token of no kept session. */
    send,

    /**
     * The next session of a request, kept. That its refresh token was sent is kept before: a second time, after an answer that was lost, a used token can end
     * the consent (RFC 9700, section 4.14.2).
     */
    async renew(requestId: string, old: KeptSession): Promise<Renewed> {
      if (old.refreshToken === undefined) return { kind: "refused", code: "no_refresh_token" };
      if (old.isSent) return { kind: "refused", code: "invalid_grant" };
      await sessions.write(requestId, { ...old, isSent: true });
      const fresh = await send(old.refreshToken);
      if (fresh.kind === "session")
        await sessions.write(requestId, { ...fresh, accountId: old.accountId });
      else if (fresh.kind === "refused" && fresh.code === "unreachable")
        await sessions.write(requestId, old);
      return fresh;
    },

    /** Gives back and forgets what a request still has; false while that is not confirmed. */
    async giveBack(requestId: string): Promise<boolean> {
      const session = await sessions.read(requestId);
      if (session === undefined) return true;
      const isOver = Date.parse(session.expiresAt) <= now();
      const ended = await calls.revoke([session.refreshToken, isOver ? undefined : session.token]);
      if (ended.kind === "ended") await sessions.forget(requestId);
      return ended.kind === "ended";
    },
  };
}
