import { sha256 } from "../../util/sha256.ts";
import type { BearerRecord, SandboxContext } from "../context.ts";
import type { OrchestratorId } from "../orchestrator/identities.ts";

/** Whose credentials they are. */
export interface CredentialOwner {
  readonly provider: string;
  readonly accountId: string;
  readonly orchestrator: OrchestratorId;
  /** Thumbprint of the only key with which they can be used; absent for a plain bearer. */
  readonly jkt?: string | undefined;
}

/** A bearer with its refresh token, in clear: on its way to the orchestrator. */
export interface BearerCredentials {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds from now. */
  readonly expiresIn: number;
}

/** Collection `refresh-tokens`, by SHA-256 of the token. */
interface RefreshRecord extends CredentialOwner {
  readonly tokenHash: string;
  readonly isUsed: boolean;
}

type Context = Pick<SandboxContext, "store" | "now" | "mintSecret">;

/** Makes a bearer that lives `seconds` and a refresh token that can be used once and does not expire. */
export function mintCredentials(
  context: Context,
  owner: CredentialOwner,
  seconds: number,
): BearerCredentials {
  const accessToken = context.mintSecret("provider-bearer", "apat_");
  const refreshToken = context.mintSecret("provider-refresh-token", "aprt_");
  const bearer: BearerRecord = {
    tokenHash: sha256(accessToken),
    ...owner,
    expiresAt: new Date(context.now() + seconds * 1000).toISOString(),
    revoked: false,
  };
  context.store.collection<BearerRecord>("bearers").put(bearer.tokenHash, bearer);
  const tokenHash = sha256(refreshToken);
  context.store
    .collection<RefreshRecord>("refresh-tokens")
    .put(tokenHash, { ...owner, tokenHash, isUsed: false });
  return { accessToken, refreshToken, expiresIn: seconds };
}

/** The credentials with what is left of their life, while both still work; undefined otherwise. */
export function recheckCredentials(
  context: Context,
  credentials: BearerCredentials,
): BearerCredentials | undefined {
  const bearer = context.store
    .collection<BearerRecord>("bearers")
    .get(sha256(credentials.accessToken));
  const refresh = context.store
    .collection<RefreshRecord>("refresh-tokens")
    .get(sha256(credentials.refreshToken));
  if (bearer === undefined || bearer.revoked || refresh === undefined || refresh.isUsed)
    return undefined;
  const expiresIn = Math.floor((Date.parse(bearer.expiresAt) - context.now()) / 1000);
  return expiresIn > 0 ? { ...credentials, expiresIn } : undefined;
}

/** Takes back every bearer and refresh token of a provider, as it may when an application's access is revoked. Answers how many bearers. */
export function revokeCredentials(context: Pick<Context, "store">, provider: string): number {
  const bearers = context.store.collection<BearerRecord>("bearers");
  const refreshes = context.store.collection<RefreshRecord>("refresh-tokens");
  const own = bearers.list().filter((bearer) => bearer.provider === provider);
  for (const bearer of own) bearers.put(bearer.tokenHash, { ...bearer, revoked: true });
  for (const refresh of refreshes.list().filter((one) => one.provider === provider))
    refreshes.put(refresh.tokenHash, { ...refresh, isUsed: true });
  return own.length;
}

/** Uses up a refresh token; undefined when it is unknown, used, or of another orchestrator or provider. */
export function redeemRefreshToken(
  context: Context,
  token: string,
  holder: Omit<CredentialOwner, "accountId">,
): CredentialOwner | undefined {
  const records = context.store.collection<RefreshRecord>("refresh-tokens");
  const record = records.get(sha256(token));
  if (record === undefined || record.isUsed) return undefined;
  if (record.provider !== holder.provider || record.orchestrator !== holder.orchestrator)
    return undefined;
  if (record.jkt !== holder.jkt) return undefined;
  records.put(sha256(token), { ...record, isUsed: true });
  return record;
}

/** Ends a bearer, if it is this holder's. */
export function revokeBearer(
  context: Pick<SandboxContext, "store">,
  token: string,
  holder: Omit<CredentialOwner, "accountId">,
): void {
  const records = context.store.collection<BearerRecord>("bearers");
  const record = records.get(sha256(token));
  if (record?.provider !== holder.provider || record.orchestrator !== holder.orchestrator) return;
  if (record.jkt === holder.jkt) records.put(record.tokenHash, { ...record, revoked: true });
}

/** The wire form: `account_requests` nests it, `/oauth/token` spreads it. */
export function printCredentials(credentials: BearerCredentials, accountId: string) {
  return {
    access_token: credentials.accessToken,
    refresh_token: credentials.refreshToken,
    expires_in: credentials.expiresIn,
    account: { id: accountId, payment_credentials: "orchestrator" },
  };
}
