import { canonicalJson, type Json } from "../../util/canonical-json.ts";
import { listAt, memberAt, textAt } from "../../util/json-access.ts";
import { parseMoney } from "../../util/money.ts";
import { sha256 } from "../../util/sha256.ts";
import type { Surface } from "../context.ts";
import { credentialsOf } from "./credential.ts";
import type { Caller } from "./operation.ts";
import type { IssuerContext } from "./payment-token.ts";
import { capture } from "./payments.ts";
import { buildPaypalError, NOT_FOUND, type PaypalAnswer } from "./paypal-answer.ts";
import {
  createPaypalSessions,
  type PaypalAccount,
  type PaypalCaller,
  readMerchant,
} from "./paypal-session.ts";
import { listVault, type PaypalRecord } from "./paypal-token.ts";

interface StoredAnswer {
  readonly fingerprint: string;
  readonly status: number;
  /** Sealed JSON: it holds a payment token. */
  readonly sealedBody: string;
  readonly at: number;
}

/** "The server stores keys for 3 hours" (https://developer.paypal.com/api/payment-tokens/v3/payment-tokens-create). */
const KEY_LIFETIME_MS = 3 * 3_600_000;
const TOKENS = "/v3/vault/payment-tokens";
const INVALID = buildPaypalError(400, "INVALID_REQUEST");

/** PayPal's `/v1/oauth2/token`, `/v3/vault/payment-tokens` for billing agreements, and `/v2/checkout/orders` that are paid by a vaulted token at once. */
export function createPaypalSurface(
  context: IssuerContext,
  account: PaypalAccount,
  findSeller: (secretKey: string) => Caller | undefined,
): Surface {
  const sessions = createPaypalSessions(context, account, findSeller);
  const keys = context.store.collection<StoredAnswer>("paypal-idempotency");

  /** Work and stored answer are one transaction. A repeated request is answered 200 instead of 201; only what succeeded is kept. */
  function keyed(
    scope: string,
    key: string,
    body: unknown,
    work: () => PaypalAnswer,
  ): PaypalAnswer {
    const id = JSON.stringify([scope, key]);
    const fingerprint = sha256(canonicalJson(body as Json));
    const known = keys.get(id);
    if (known !== undefined && context.now() - known.at < KEY_LIFETIME_MS)
      return known.fingerprint === fingerprint
        ? { status: 200, body: JSON.parse(context.unseal(known.sealedBody)) as Json }
        : buildPaypalError(422, "UNPROCESSABLE_ENTITY", "PAYPAL_REQUEST_ID_PREVIOUSLY_USED");
    return context.store.transaction(() => {
      const answer = work();
      const sealedBody = context.seal(JSON.stringify(answer.body));
      if (answer.status < 300)
        keys.put(id, { fingerprint, status: answer.status, sealedBody, at: context.now() });
      return answer;
    });
  }

  function convert(merchant: string, body: unknown): PaypalAnswer {
    const customer = textAt(body, ["customer", "id"], /^[0-9a-zA-Z_-]{1,22}$/);
    const source = memberAt(body, "payment_source", "token");
    if (customer === undefined || textAt(source, ["type"]) !== "BILLING_AGREEMENT") return INVALID;
    const agreement = textAt(source, ["id"]) ?? "";
    if (account.agreements[merchant] !== agreement) return NOT_FOUND;
    const token: PaypalRecord = {
      ...{ id: context.random(8), issuer: "paypal", status: "active", currency: null },
      ...{ captures: [], createdAt: context.now(), detail: { merchant, customer, agreement } },
    };
    context.keepSecret("paypal payment token", token.id);
    credentialsOf(context).put(token.id, token);
    return { status: 201, body: print(token) };
  }

  /** `intent: CAPTURE` with a vaulted token is captured when it is created. */
  function order(provider: string, body: unknown): PaypalAnswer {
    const [unit] = listAt(body, "purchase_units") ?? [];
    const value = textAt(unit, ["amount", "value"]) ?? "";
    const amount = parseMoney(`${value} ${textAt(unit, ["amount", "currency_code"]) ?? ""}`);
    const id = textAt(body, ["payment_source", "paypal", "vault_id"]) ?? "";
    if (textAt(body, ["intent"]) !== "CAPTURE" || amount === undefined) return INVALID;
    const orderId = context.random(9).toUpperCase().slice(0, 17);
    const isToken = credentialsOf(context).get(id)?.issuer === "paypal";
    const outcome = isToken
      ? capture(context, {
          ...{ id, provider, accountId: null, amount, description: "", key: null },
          paymentIntent: orderId,
        })
      : undefined;
    return outcome?.ok === true
      ? { status: 201, body: { id: orderId, status: "COMPLETED" } }
      : buildPaypalError(422, "UNPROCESSABLE_ENTITY", "TOKEN_ID_NOT_FOUND");
  }

  function answer(caller: PaypalCaller, request: Request, url: URL, body: unknown): PaypalAnswer {
    const { method, headers } = request;
    const key = headers.get("paypal-request-id") ?? "";
    const merchant = readMerchant(caller, account, headers.get("paypal-auth-assertion"));
    const call = `${method} ${url.pathname}`;
    if (method === "POST" && key === "") return INVALID;
    if (call === "POST /v2/checkout/orders")
      return caller.role === "merchant"
        ? keyed(`${caller.merchant} orders`, key, body, () => order(caller.provider, body))
        : buildPaypalError(403, "NOT_AUTHORIZED", "PERMISSION_DENIED");
    if (merchant === undefined) return method === "GET" ? NOT_FOUND : INVALID;
    if (call === `POST ${TOKENS}`)
      return keyed(`${merchant} vault`, key, body, () => convert(merchant, body));
    const vault = listVault(context, merchant);
    if (call === `GET ${TOKENS}`) {
      const customer = url.searchParams.get("customer_id") ?? "";
      const own = vault.filter(({ detail }) => detail.customer === customer);
      return { status: 200, body: { customer: { id: customer }, payment_tokens: own.map(print) } };
    }
    const token = vault.find(({ id }) => url.pathname === `${TOKENS}/${id}`);
    if (method === "GET")
      return token === undefined ? NOT_FOUND : { status: 200, body: print(token) };
    if (method !== "DELETE") return NOT_FOUND;
    if (token !== undefined) credentialsOf(context).put(token.id, { ...token, status: "deleted" });
    return { status: 204, body: null };
  }

  return {
    async handle(request, url) {
      const { pathname } = url;
      const authorization = request.headers.get("authorization") ?? "";
      if (pathname === "/v1/oauth2/token" && request.method === "POST")
        return sessions.signIn(authorization, await request.text());
      if (!pathname.startsWith(TOKENS) && pathname !== "/v2/checkout/orders") return undefined;
      const caller = sessions.findCaller(authorization);
      if (caller === undefined) return print401();
      const text = await request.text();
      const { status, body } = answer(caller, request, url, text === "" ? {} : JSON.parse(text));
      return status === 204 ? new Response(null, { status }) : Response.json(body, { status });
    },
    close: async () => {},
  };
}

function print401(): Response {
  const { status, body } = buildPaypalError(401, "AUTHENTICATION_FAILURE");
  return Response.json(body, { status });
}

function print({ id, detail }: PaypalRecord): Json {
  return {
    id,
    customer: { id: detail.customer },
    payment_source: { paypal: { usage_type: "MERCHANT", account_id: "VYYFH3WJ4JPJQ" } },
  };
}
