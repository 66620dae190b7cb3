import { memberAt, textAt } from "../../util/json-access.ts";
import { parseMoney } from "../../util/money.ts";
import type { Surface } from "../context.ts";
import { type BraintreeCopy, type BraintreeRecord, loadCopy } from "./braintree-copy.ts";
import { credentialsOf } from "./credential.ts";
import type { IssuerContext } from "./payment-token.ts";
import { capture } from "./payments.ts";

/** The sandbox's Braintree account, and those of the providers. */
export interface BraintreeAccount {
  readonly merchantId: string;
  readonly publicKey: string;
  readonly privateKey: string;
  readonly customerId: string;
  readonly paymentMethod: string;
  /** Provider -> access token. */
  readonly recipients: Readonly<Record<string, string>>;
}

type Xml = Readonly<Record<string, string | boolean>>;
const HOUR = 3_600_000;
const NAME_LENGTH_MAX = 36;

/** Braintree's gateway: `/merchants/<id>/payment_methods`, its nonces, grants and sales. Requests are JSON, answers XML, as the official package has it. */
export function createBraintreeSurface(context: IssuerContext, account: BraintreeAccount): Surface {
  const basic = `Basic ${Buffer.from(`${account.publicKey}:${account.privateKey}`).toString("base64")}`;
  const copies = credentialsOf(context);
  const find = (token: string) => loadCopy(context, token);

  function createCopy(body: unknown): Response {
    const at = (name: string) => textAt(body, ["payment_method", name]);
    const token = at("token") ?? "";
    const isRight =
      at("customer_id") === account.customerId &&
      /^nonce_[0-9a-f]+$/.test(at("payment_method_nonce") ?? "") &&
      /^[\w-]+$/.test(token) &&
      token.length <= NAME_LENGTH_MAX;
    if (!isRight || find(token) !== undefined) return fail("Token is invalid or in use.");
    const copy: BraintreeRecord = {
      ...{ id: token, issuer: "braintree", status: "active", currency: null, captures: [] },
      createdAt: context.now(),
      detail: { grants: [] },
    };
    copies.put(token, copy);
    return print(201, "credit-card", {
      token,
      "customer-id": account.customerId,
      "last-4": "1111",
    });
  }

  function grant(provider: string, body: unknown): Response {
    const copy = find(textAt(body, ["payment_method", "shared_payment_method_token"]) ?? "");
    if (copy?.status !== "active") return notFound();
    const revokeAfter = Date.parse(textAt(body, ["payment_method", "revoke_after"]) ?? "");
    if (revokeAfter % HOUR !== 0 || revokeAfter < context.now() + 24 * HOUR)
      return fail("Revoke after must be on the hour and 24 hours ahead.");
    if (memberAt(body, "payment_method", "allow_vaulting") !== false)
      return fail("This sandbox grants without vaulting only.");
    const nonce = context.mintSecret("braintree nonce", "nonce_");
    const grants = [...copy.detail.grants, { nonce, provider, revokeAfter }];
    copies.put(copy.id, { ...copy, detail: { grants } satisfies BraintreeCopy });
    return print(201, "payment-method-nonce", { nonce, type: "CreditCard", consumed: false });
  }

  function sell(provider: string, body: unknown): Response {
    const nonce = textAt(body, ["transaction", "payment_method_nonce"]) ?? "";
    const copy = (copies.list() as readonly BraintreeRecord[]).find(
      ({ issuer, detail }) =>
        issuer === "braintree" && detail.grants.some((one) => one.nonce === nonce),
    );
    const account = textAt(body, ["transaction", "merchant_account_id"]) ?? "usd";
    const currency = account.slice(account.lastIndexOf("_") + 1).toUpperCase();
    const amount = parseMoney(`${textAt(body, ["transaction", "amount"]) ?? ""} ${currency}`);
    if (copy === undefined || amount === undefined) return fail("Unknown payment_method_nonce.");
    const id = context.random(4);
    const outcome = capture(context, {
      ...{ id: copy.id, provider, accountId: null, amount, description: "", key: null },
      paymentIntent: id,
    });
    if (!outcome.ok) return fail("Unknown or expired payment_method_nonce.");
    return print(201, "transaction", {
      id,
      amount: `${amount.minor}`,
      status: "submitted_for_settlement",
    });
  }

  return {
    async handle(request, url) {
      const path = /^\/merchants\/([^/]+)(\/.*)$/.exec(url.pathname);
      if (path === null) return undefined;
      const [, merchant = "", rest = ""] = path;
      const authorization = request.headers.get("authorization") ?? "";
      const provider = Object.entries(account.recipients).find(
        ([, token]) => authorization === `Bearer ${token}`,
      )?.[0];
      const isOwn = authorization === basic && merchant === account.merchantId;
      if (!isOwn && provider === undefined) return new Response("", { status: 401 });
      const text = await request.text();
      const body: unknown = text === "" ? {} : JSON.parse(text);
      const call = `${request.method} ${rest}`;
      if (provider !== undefined) {
        if (call === "POST /payment_methods/grant") return grant(provider, body);
        return call === "POST /transactions" ? sell(provider, body) : notFound();
      }
      if (call === "POST /payment_methods") return createCopy(body);
      if (call === `POST /payment_methods/${account.paymentMethod}/nonces`)
        return print(201, "payment-method-nonce", { nonce: `nonce_${context.random(12)}` });
      const token = /^\/payment_methods\/any\/([\w-]+)$/.exec(rest)?.[1] ?? "";
      const copy = find(token);
      if (copy?.status !== "active") return notFound();
      if (request.method === "GET") return print(200, "credit-card", { token, "last-4": "1111" });
      if (request.method !== "DELETE") return notFound();
      copies.put(token, { ...copy, status: "deleted" });
      return new Response(" ", { headers: { "content-type": "application/xml" } });
    },
    close: async () => {},
  };
}

function notFound(): Response {
  return new Response("", { status: 404 });
}

function fail(message: string): Response {
  return print(422, "api-error-response", { message });
}

/** One element with texts inside; every value here is made by the sandbox or checked, so that nothing needs escaping. */
function print(status: number, name: string, members: Xml): Response {
  const inner = Object.entries(members).map(([key, value]) =>
    typeof value === "boolean"
      ? `<${key} type="boolean">${value}</${key}>`
      : `<${key}>${value}</${key}>`,
  );
  const text = `<?xml version="1.0" encoding="UTF-8"?><${name}>${inner.join("")}</${name}>`;
  return new Response(text, { status, headers: { "content-type": "application/xml" } });
}
