import { memberAt, textAt } from "../../../util/json-access.ts";
import { createAccountOnly } from "../account-only.ts";
import type { Orchestrator } from "../contract.ts";
import { readConsentUrl } from "../read-consent-url.ts";
import { readTime } from "../read-time.ts";
import { requestOnce, type Unclaimed } from "../request-once.ts";
import type { AdapterVault } from "../vault.ts";
import { type ApiPlace, callApi } from "./api.ts";
import { TEMPORARY_CAPABILITIES } from "./capabilities.ts";
import { solveChallenge } from "./solve-challenge.ts";

export interface TemporaryOptions extends ApiPlace {
  readonly vault: AdapterVault;
  /** A person has read both and accepted them: the documentation says that they must be shown. Without that no account is made. */
  readonly accepted?:
    | { readonly termsOfService: string; readonly privacyPolicy: string }
    | undefined;
}

/** How long an account lives that nobody claims. */
const LIFE_MS = 3_600_000;

/** Accounts without a person (proof of work), which die after an hour unless somebody claims them. */
export function createTemporaryAccounts(options: TemporaryOptions): Orchestrator {
  const make = async () => {
    const challenge = await ask(options);
    if (challenge === undefined) return { kind: "refused", code: "unreachable" } as const;
    const checkpoints = await solveChallenge(challenge);
    if (checkpoints === undefined) return { kind: "refused", code: "challenge_too_hard" } as const;
    const made = await callApi(options, "POST", "/provisioning/previews", {
      body: {
        ...options.accepted,
        acceptTermsOfService: "yes",
        challengeToken: challenge.token,
        solution: { checkpoints },
      },
    });
    if (made.kind !== "ok") return { kind: made.kind, code: made.code };
    return readAccount(made.result) ?? ({ kind: "unknown", code: "malformed" } as const);
  };
  return createAccountOnly({
    id: "cloudflare",
    capabilities: TEMPORARY_CAPABILITIES,
    isHealthy: async () => (await ask(options)) !== undefined,
    requestAccount: async ({ requestId, accountId }) =>
      options.accepted === undefined
        ? { kind: "refused", code: "terms_not_accepted" }
        : requestOnce(
            { ...options, lifeMs: LIFE_MS, isKnown: accountId !== undefined },
            `temporary/${requestId}`,
            make,
          ),
  });
}

async function ask(place: ApiPlace) {
  const answer = await callApi(place, "POST", "/provisioning/previews/challenge", { body: {} });
  if (answer.kind !== "ok") return undefined;
  const token = textAt(answer.result, ["challengeToken"]);
  const seed = textAt(answer.result, ["seed"]);
  const [k, g] = [memberAt(answer.result, "k"), memberAt(answer.result, "g")];
  if (token === undefined || seed === undefined) return undefined;
  return typeof k === "number" && typeof g === "number" ? { token, seed, k, g } : undefined;
}

function readAccount(result: unknown): Unclaimed | undefined {
  const accountId = textAt(result, ["account", "id"], /^[0-9a-f]{32}$/);
  const token = textAt(result, ["account", "apiToken"], /^[\x21-\x7e]{8,4096}$/);
  const expiresAt = readTime(textAt(result, ["account", "expiresAt"]));
  const claimUrl = readConsentUrl(textAt(result, ["claim", "url"]));
  const claimUntil = readTime(textAt(result, ["claim", "expiresAt"]));
  if (accountId === undefined || token === undefined || expiresAt === undefined) return undefined;
  if (claimUrl === undefined || claimUntil === undefined) return undefined;
  return { accountId, token, expiresAt, claimUrl, claimUntil };
}
