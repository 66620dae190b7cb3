import { type Fetch, fetchJson } from "../../../util/fetch-json.ts";
import { textAt } from "../../../util/json-access.ts";
import { readFailure } from "../read-answers.ts";
import { readConsentUrl } from "../read-consent-url.ts";
import { readTime } from "../read-time.ts";
import type { ClaimableVendor } from "./vendor.ts";

export interface NeonOptions {
  /** Default `https://claimable.neon.tech`. */
  readonly url?: string | undefined;
  readonly fetch: Fetch;
  /** Milliseconds for one exchange, default 30,000. */
  readonly timeout?: number | undefined;
}

const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** A PostgreSQL database for 72 hours, by an anonymous agent's registration (auth.md). */
export function createNeonVendor(options: NeonOptions): ClaimableVendor {
  const { url = "https://claimable.neon.tech", fetch, timeout = 30_000 } = options;
  const post = (path: string, body: string | URLSearchParams) =>
    fetchJson(
      fetch,
      `${url}${path}`,
      {
        method: "POST",
        body,
        headers: {
          Accept: "application/json",
          ...(typeof body === "string" ? { "Content-Type": "application/json" } : {}),
        },
      },
      timeout,
    );
  return {
    id: "neon",
    lifeMs: 72 * 3_600_000,
    isRepeatable: false,
    async isHealthy() {
      const path = "/.well-known/oauth-authorization-server";
      const found = await fetchJson(fetch, `${url}${path}`, {}, timeout);
      return found.kind === "answer" && found.status === 200;
    },
    async make() {
      const body = JSON.stringify({ type: "anonymous", capabilities: ["postgres"] });
      const registered = await post("/v1/agent/identity", body);
      if (registered.kind === "failure" || registered.status >= 300) return readFailure(registered);
      const assertion = textAt(registered.body, ["assertion"]);
      const accountId = textAt(registered.body, ["id"], /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/);
      const claimUrl = readConsentUrl(textAt(registered.body, ["claim", "url"]));
      const claimUntil = readTime(textAt(registered.body, ["claim", "expires_at"]));
      const isWhole = assertion !== undefined && accountId !== undefined;
      if (!isWhole || claimUrl === undefined || claimUntil === undefined)
        return { kind: "unknown", code: "malformed" };
      const form = new URLSearchParams({ grant_type: JWT_BEARER, assertion });
      const granted = await post("/v1/oauth2/token", form);
      const token =
        granted.kind === "answer" && granted.status === 200
          ? textAt(granted.body, ["access_token"], /^[\x21-\x7e]{8,4096}$/)
          : undefined;
      // The registration stands, so a failed second step leaves the whole in doubt.
      if (token === undefined) return { kind: "unknown", code: "token_exchange_failed" };
      return { accountId, token, expiresAt: claimUntil, claimUrl, claimUntil };
    },
  };
}
