import { createHmac, timingSafeEqual } from "node:crypto";
import type { Api } from "./api.ts";
import { number, text } from "./body-fields.ts";
import type { AssetSessionRecord } from "./worker-records.ts";

/** What an upload token is good for: sending files, or deploying them. */
type Phase = "upload" | "complete";

/** Validity of an upload token in seconds (Workers docs, "Direct Uploads"). */
const VALID_SECONDS = 3_600;

/** Makes the JWT that stands for an upload session. */
export function issueAssetToken(api: Api, session: AssetSessionRecord, phase: Phase): string {
  const exp = Math.floor(api.context.now() / 1000) + VALID_SECONDS;
  const body = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ session: session.id, phase, exp })}`;
  return `${body}.${sign(api, body)}`;
}

/** The session of a token; undefined when it is not ours, expired, or of the other phase. */
export function readAssetToken(
  api: Api,
  token: string,
  phase: Phase,
): AssetSessionRecord | undefined {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const expected = Buffer.from(sign(api, `${header}.${payload}`));
  const given = Buffer.from(signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
  const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
  const isValid =
    text(claims, "phase") === phase && (number(claims, "exp") ?? 0) * 1000 > api.context.now();
  return isValid ? api.records.assetSessions.get(text(claims, "session") ?? "") : undefined;
}

/** URL path -> hash of a finished upload of this account. */
export function readCompletion(
  api: Api,
  accountId: string,
  token: string,
): AssetSessionRecord["files"] | undefined {
  const session = readAssetToken(api, token, "complete");
  return session?.accountId === accountId ? session.files : undefined;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function sign(api: Api, body: string): string {
  return createHmac("sha256", readKey(api)).update(body).digest("base64url");
}

function readKey(api: Api): string {
  const keys = api.context.store.collection<string>("cloudflare-keys");
  const sealed = keys.get("assets");
  if (sealed !== undefined) return api.context.unseal(sealed);
  const key = api.context.random(32);
  keys.put("assets", api.context.seal(key));
  return key;
}
