import { textAt } from "../../util/json-access.ts";
import { parseJson } from "../../util/parse-json.ts";
import { sha256 } from "../../util/sha256.ts";
import { deriveMerchant } from "./merchant.ts";
import type { Caller } from "./operation.ts";
import type { IssuerContext } from "./payment-token.ts";

/** The platform's REST app, and what a person approved for each merchant. */
export interface PaypalAccount {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Merchant -> billing agreement. */
  readonly agreements: Readonly<Record<string, string>>;
}

/** Who calls PayPal: the platform, or a merchant with its provider's name. */
export type PaypalCaller =
  | { readonly role: "platform" }
  | { readonly role: "merchant"; readonly provider: string; readonly merchant: string };

interface AccessToken {
  readonly caller: PaypalCaller;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

const LIFE_SECONDS = 32_400;

/** OAuth 2.0 client credentials (https://developer.paypal.com/api/rest/authentication/) of the platform and of every seller. */
export function createPaypalSessions(
  context: IssuerContext,
  account: PaypalAccount,
  findSeller: (secretKey: string) => Caller | undefined,
) {
  const tokens = context.store.collection<AccessToken>("paypal-access-tokens");

  function findClient(id: string, secret: string): PaypalCaller | undefined {
    if (id === account.clientId && secret === account.clientSecret) return { role: "platform" };
    const seller = findSeller(secret);
    if (seller?.role !== "seller") return undefined;
    const { provider } = seller;
    const merchant = deriveMerchant(provider).paypalId;
    return id === merchant ? { role: "merchant", provider, merchant } : undefined;
  }

  return {
    signIn(authorization: string, body: string): Response {
      const basic = /^Basic (\S+)$/.exec(authorization)?.[1] ?? "";
      const [id = "", secret = ""] = Buffer.from(basic, "base64").toString("utf8").split(":");
      const caller = findClient(id, secret);
      if (caller === undefined)
        return Response.json(
          { error: "invalid_client", error_description: "Client Authentication failed" },
          { status: 401 },
        );
      if (new URLSearchParams(body).get("grant_type") !== "client_credentials")
        return Response.json({ error: "unsupported_grant_type" }, { status: 400 });
      const token = context.mintSecret("paypal access token", "A21AA");
      tokens.put(sha256(token), { caller, until: context.now() + LIFE_SECONDS * 1000 });
      return Response.json({
        access_token: token,
        token_type: "Bearer",
        app_id: "APP-80W284485P519543T",
        expires_in: LIFE_SECONDS,
        scope: "https://uri.paypal.com/services/vault/payment-tokens/readwrite",
      });
    },

    findCaller(authorization: string): PaypalCaller | undefined {
      const token = /^Bearer (\S+)$/.exec(authorization)?.[1] ?? "";
      const known = tokens.get(sha256(token));
      return known !== undefined && context.now() < known.until ? known.caller : undefined;
    },
  };
}

/** The merchant that a request is about: the caller's own, or the one that the platform's assertion names. */
export function readMerchant(
  caller: PaypalCaller,
  account: PaypalAccount,
  assertion: string | null,
): string | undefined {
  if (caller.role === "merchant") return caller.merchant;
  const [, claims = ""] = (assertion ?? "").split(".");
  const read = parseJson(Buffer.from(claims, "base64url").toString("utf8"));
  return textAt(read, ["iss"]) === account.clientId ? textAt(read, ["payer_id"]) : undefined;
}
