import { createHash, randomBytes } from "node:crypto";
import { sha256 } from "../../../util/sha256.ts";
import type { AccountRecord, BearerRecord, SandboxContext } from "../../context.ts";
import { buildHtmlPage } from "../../html-page.ts";
import { fail, succeed } from "../envelope.ts";

/** Documented: `k` 1000, `g` 2000. The sandbox asks for less: the work is not what is tried here. */
const ROUNDS = { k: 20, g: 50 } as const;
const CHALLENGE_MS = 300_000;
const LIFE_MS = 3_600_000;

/** Collection `cloudflare-challenges`, by SHA-256 of the challenge token. */
interface ChallengeRecord {
  readonly seed: string;
  readonly expiresAt: number;
  readonly isUsed: boolean;
}

/** Collection `cloudflare-claims`, by SHA-256 of the claim token. */
interface ClaimRecord {
  readonly accountId: string;
  readonly expiresAt: number;
  readonly isUsed: boolean;
}

/** `POST /provisioning/previews/challenge`. */
export function giveChallenge({ store, now, mintSecret }: SandboxContext): Response {
  const challengeToken = mintSecret("challenge", "chl_");
  const seed = randomBytes(32).toString("base64url");
  const expiresAt = now() + CHALLENGE_MS;
  const challenges = store.collection<ChallengeRecord>("cloudflare-challenges");
  challenges.put(sha256(challengeToken), { seed, expiresAt, isUsed: false });
  return succeed({
    ...{ challengeToken, seed, ...ROUNDS, s: 1 },
    expiresAt: new Date(expiresAt).toISOString(),
  });
}

/** `POST /provisioning/previews`: an account of nobody, with a token that may do everything in it, and a link whose opener owns it. */
export function makeTemporary(context: SandboxContext, body: unknown): Response {
  const { store, now } = context;
  const given = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (given.acceptTermsOfService !== "yes" || typeof given.termsOfService !== "string")
    return fail(400, 1001, "the terms of service must be accepted");
  const id = sha256(String(given.challengeToken));
  const challenges = store.collection<ChallengeRecord>("cloudflare-challenges");
  const challenge = challenges.get(id);
  if (challenge === undefined || challenge.isUsed || challenge.expiresAt <= now())
    return fail(400, 1001, "the challenge is used, expired or unknown");
  const { checkpoints } = (given.solution ?? {}) as { readonly checkpoints?: unknown };
  if (checkpoints !== solve(challenge.seed)) return fail(400, 1001, "the solution is wrong");
  challenges.put(id, { ...challenge, isUsed: true });
  const accountId = context.random(16);
  const expiresAt = new Date(now() + LIFE_MS).toISOString();
  store.collection<AccountRecord>("accounts").put(`cloudflare/${accountId}`, {
    ...{ provider: "cloudflare", accountId, email: "", name: "Temporary", requestId: accountId },
    createdAt: new Date(now()).toISOString(),
    closed: false,
  });
  const apiToken = context.mintSecret("cloudflare api token", "cfat_");
  const tokenHash = sha256(apiToken);
  const bearer = { tokenHash, provider: "cloudflare", accountId, expiresAt, revoked: false };
  store.collection<BearerRecord>("bearers").put(tokenHash, bearer);
  const token = context.mintSecret("claim token", "claim_");
  const claim: ClaimRecord = { accountId, expiresAt: now() + LIFE_MS, isUsed: false };
  store.collection<ClaimRecord>("cloudflare-claims").put(sha256(token), claim);
  const url = `${context.controlUrl}/cloudflare/claim-preview?claimToken=${token}`;
  return succeed({
    account: { id: accountId, name: "Temporary", apiToken, expiresAt },
    claim: { token, url, expiresAt },
    subdomain: `preview-${accountId.slice(0, 8)}`,
  });
}

/** `POST /cloudflare/claim-preview?claimToken=` (form: `email`): the account is that person's from then on, and the temporary token dies. */
export function claimTemporary(context: SandboxContext, url: URL, body: string): Response {
  const { store, now } = context;
  const id = sha256(url.searchParams.get("claimToken") ?? "");
  const claims = store.collection<ClaimRecord>("cloudflare-claims");
  const claim = claims.get(id);
  if (claim === undefined || claim.isUsed || claim.expiresAt <= now())
    return buildHtmlPage("Nothing to claim", "<p>This link is used, expired or wrong.</p>", 410);
  const accounts = store.collection<AccountRecord>("accounts");
  const account = accounts.get(`cloudflare/${claim.accountId}`);
  const email = new URLSearchParams(body).get("email")?.toLowerCase() ?? "";
  if (account === undefined || email === "")
    return buildHtmlPage("Who are you?", "<p>Log in first.</p>", 400);
  claims.put(id, { ...claim, isUsed: true });
  accounts.put(`cloudflare/${claim.accountId}`, { ...account, email });
  const bearers = store.collection<BearerRecord>("bearers");
  for (const bearer of bearers.list())
    if (bearer.accountId === claim.accountId)
      bearers.put(bearer.tokenHash, { ...bearer, revoked: true });
  return buildHtmlPage("Claimed", "<p>The account is yours.</p>");
}

function solve(seed: string): string {
  const hash = (data: Buffer) => createHash("sha256").update(data).digest();
  const checkpoints = [hash(Buffer.from(seed, "base64url"))];
  for (let round = 0; round < ROUNDS.k; round++) {
    let last = checkpoints.at(-1) ?? Buffer.alloc(0);
    for (let step = 0; step < ROUNDS.g; step++) last = hash(last);
    checkpoints.push(last);
  }
  return Buffer.concat(checkpoints).toString("base64");
}
