import { fetchJson } from "../../../util/fetch-json.ts";
import { memberAt, textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import type { SessionEnd } from "../contract.ts";
import { type Failure, readFailure } from "../read-answers.ts";
import type { ApiPlace } from "./api.ts";

/** Where a public client gets its tokens, and gives them back. */
export interface OauthPlace extends ApiPlace {
  readonly clientId: string;
  readonly tokenUrl: string;
  readonly revokeUrl: string;
}

/** What a person has consented to. */
export interface Session {
  readonly token: Secret;
  readonly refreshToken: Secret | undefined;
  /** RFC 3339, of the access token. */
  readonly expiresAt: string;
}

const TOKEN = /^[\x21-\x7e]{8,4096}$/;

/** The two calls of Cloudflare's OAuth server: a grant (RFC 6749) and the end of tokens (RFC 7009). */
export function createOauthCalls(place: OauthPlace) {
  const post = (url: string, form: Readonly<Record<string, string>>) =>
    fetchJson(
      place.fetch,
      url,
      {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams({ client_id: place.clientId, ...form }),
      },
      place.timeout ?? 30_000,
    );
  return {
    async exchange(
      form: Readonly<Record<string, string>>,
    ): Promise<(Session & { readonly kind: "session" }) | Failure> {
      const answer = await post(place.tokenUrl, form);
      if (answer.kind === "failure" || answer.status !== 200) return readFailure(answer);
      const token = textAt(answer.body, ["access_token"], TOKEN);
      const refreshToken = textAt(answer.body, ["refresh_token"], TOKEN);
      const seconds = memberAt(answer.body, "expires_in");
      if (token === undefined || typeof seconds !== "number" || !(seconds > 0 && seconds < 1e9))
        return { kind: "unknown", code: "malformed" };
      return {
        kind: "session",
        token: new Secret(token),
        refreshToken: refreshToken === undefined ? undefined : new Secret(refreshToken),
        expiresAt: new Date(place.now() + Math.floor(seconds) * 1000).toISOString(),
      };
    },

    /** Ends each of them; a token that is not known counts as ended. */
    async revoke(tokens: readonly (Secret | undefined)[]): Promise<SessionEnd> {
      for (const token of tokens) {
        if (token === undefined) continue;
        const answer = await post(place.revokeUrl, { token: token.reveal() });
        if (answer.kind === "failure" || answer.status !== 200)
          return { kind: "unknown", code: "not_confirmed" };
      }
      return { kind: "ended" };
    },
  };
}
