import { BlockList, isIPv6 } from "node:net";
import { sha256 } from "../../util/sha256.ts";
import type { TokenRecord } from "./account-records.ts";
import { texts } from "./body-fields.ts";
import { fail } from "./envelope.ts";
import type { Records } from "./records.ts";

/** Who calls: the bearer of the provisioning protocol, which may do everything in its account, or an API token. */
export type Caller =
  | { readonly kind: "oauth"; readonly accountId: string; readonly email: string }
  | { readonly kind: "token"; readonly token: TokenRecord };

/** The sandbox listens on loopback only. */
const CLIENT_ADDRESS = "127.0.0.1";

/** State of a token at a moment, in the API's words. */
export function readTokenStatus(
  token: TokenRecord,
  now: number,
): "active" | "disabled" | "expired" {
  if (token.expiresOn !== undefined && Date.parse(token.expiresOn) <= now) return "expired";
  return token.isDisabled ? "disabled" : "active";
}

/**
 * Reads the bearer of a request. Answers with the refusal when there is none, or none that is valid; `takesInactive` lets disabled and
 * expired tokens pass.
 */
export function identifyCaller(
  records: Records,
  now: number,
  request: Request,
  takesInactive: boolean,
): Caller | Response {
  const header = request.headers.get("authorization");
  if (header === null)
    return fail(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers");
  const value = /^Bearer (\S+)$/i.exec(header)?.[1];
  if (value === undefined) return fail(400, 6003, "Invalid request headers");
  const hash = sha256(value);
  return identifyOauth(records, now, hash) ?? identifyToken(records, now, hash, takesInactive);
}

function identifyOauth(records: Records, now: number, hash: string): Caller | Response | undefined {
  const bearer = records.bearers.get(hash);
  if (bearer === undefined) return undefined;
  const account = records.accounts.get(`cloudflare/${bearer.accountId}`);
  const isValid =
    bearer.provider === "cloudflare" && !bearer.revoked && Date.parse(bearer.expiresAt) > now;
  if (!isValid || account === undefined || account.closed)
    return fail(401, 9109, "Invalid access token");
  return { kind: "oauth", accountId: bearer.accountId, email: account.email };
}

function identifyToken(
  records: Records,
  now: number,
  hash: string,
  takesInactive: boolean,
): Caller | Response {
  const token = records.tokens.get(records.tokenValues.get(hash) ?? "");
  if (token === undefined || token.deletedOn !== undefined || !hasOwner(records, token))
    return fail(401, 1000, "Invalid API Token");
  if (takesInactive) return { kind: "token", token };
  const status = readTokenStatus(token, now);
  if (status !== "active") return fail(401, 1000, `Invalid API Token: it is ${status}`);
  if (token.notBefore !== undefined && Date.parse(token.notBefore) > now)
    return fail(401, 1000, "Invalid API Token: it is not valid yet");
  if (!allowsAddress(token))
    return fail(403, 9109, "Cannot use the access token from location: 127.0.0.1");
  return { kind: "token", token };
}

/** A closed account takes its tokens with it. */
function hasOwner(records: Records, { owner }: TokenRecord): boolean {
  if ("email" in owner) return true;
  return records.accounts.get(`cloudflare/${owner.accountId}`)?.closed === false;
}

function allowsAddress({ condition }: TokenRecord): boolean {
  // The docs write `request.ip`, the SDK `request_ip`.
  const rule = condition?.request_ip ?? condition?.["request.ip"];
  const allowed = texts(rule, "in");
  if (allowed.length > 0 && !holdsClient(allowed)) return false;
  return !holdsClient(texts(rule, "not_in"));
}

function holdsClient(networks: readonly string[]): boolean {
  const block = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    if (bits === undefined) block.addAddress(address, family);
    else block.addSubnet(address, Number(bits), family);
  }
  return block.check(CLIENT_ADDRESS);
}
