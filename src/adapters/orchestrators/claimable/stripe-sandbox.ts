import { type Fetch, fetchJson } from "../../../util/fetch-json.ts";
import { textAt } from "../../../util/json-access.ts";
import type { Secret } from "../../../util/secret.ts";
import { readFailure } from "../read-answers.ts";
import { readConsentUrl } from "../read-consent-url.ts";
import { readTime } from "../read-time.ts";
import { CAPABILITIES } from "./capabilities.ts";
import type { ClaimableVendor } from "./vendor.ts";

export interface StripeSandboxOptions {
  /** Default `https://api.stripe.com`. */
  readonly url?: string | undefined;
  /** Key of the managed sandbox of a Stripe App. */
  readonly secretKey: Secret;
  /** Where Stripe sends a person whose link is over. */
  readonly refreshUrl: string;
  readonly fetch: Fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds for one exchange, default 30,000. */
  readonly timeout?: number | undefined;
}

const VERSION = "2026-11-18.endive";
const CLAIM_MS = 60 * 86_400_000;

/** A Stripe sandbox that can be claimed for 60 days. Its keys are shown at its creation only; the idempotency key makes a repetition answer alike. */
export function createStripeSandboxVendor(options: StripeSandboxOptions): ClaimableVendor {
  const { url = "https://api.stripe.com", secretKey, fetch, now, timeout = 30_000 } = options;
  const headers = {
    Accept: "application/json",
    Authorization: `Bearer ${secretKey.reveal()}`,
    "Stripe-Version": VERSION,
  };
  const path = `${url}/v2/core/claimable_sandboxes`;
  return {
    id: "stripe",
    capabilities: CAPABILITIES,
    lifeMs: CLAIM_MS,
    isRepeatable: true,
    async isHealthy() {
      // Nobody's sandbox: a service that answers says so in its own form.
      const found = await fetchJson(fetch, `${path}/none`, { headers }, timeout);
      return found.kind === "answer" && (found.status === 404 || found.status === 200);
    },
    async make({ requestId, email, name }) {
      const made = await fetchJson(
        fetch,
        path,
        {
          method: "POST",
          headers: { ...headers, "Content-Type": "application/json", "Idempotency-Key": requestId },
          body: JSON.stringify({
            channel: "public",
            enable_mcp_access: false,
            prefill: { email, name },
            onboarding_link_details: { refresh_url: options.refreshUrl },
          }),
        },
        timeout,
      );
      if (made.kind === "failure" || made.status >= 300) return readFailure(made);
      const { body } = made;
      const accountId = textAt(body, ["id"], /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/);
      const token = textAt(
        body,
        ["sandbox_details", "api_keys", "secret"],
        /^[\x21-\x7e]{8,4096}$/,
      );
      const claimUrl = readConsentUrl(textAt(body, ["onboarding_link_details", "url"]));
      if (accountId === undefined || token === undefined || claimUrl === undefined)
        return { kind: "unknown", code: "malformed" };
      const claimUntil =
        readTime(textAt(body, ["expires_at"])) ?? new Date(now() + CLAIM_MS).toISOString();
      return { accountId, token, expiresAt: claimUntil, claimUrl, claimUntil };
    },
  };
}
