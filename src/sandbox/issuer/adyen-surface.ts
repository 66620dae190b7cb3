import type { Json } from "../../util/canonical-json.ts";
import { memberAt, textAt } from "../../util/json-access.ts";
import type { Surface } from "../context.ts";
import type { AdyenCard, AdyenRecord } from "./adyen-card.ts";
import { checkInstrument, checkRule } from "./adyen-checks.ts";
import { type CardData, hashCard, mintCard } from "./card-number.ts";
import { credentialsOf } from "./credential.ts";
import type { IssuerContext } from "./payment-token.ts";

/** `https://docs.adyen.com/development-resources/api-idempotency`: at least so long. */
const KEY_LIFETIME_MS = 31 * 86_400_000;
const KEY_LENGTH_MAX = 64;
const PAGE = 100;

interface Answer {
  readonly status: number;
  readonly body: Json;
}
interface StoredAnswer {
  readonly status: number;
  readonly sealedBody: string;
  readonly at: number;
}

/** What the sandbox's Adyen account is. */
export interface AdyenAccount {
  readonly apiKey: string;
  readonly balanceAccountId: string;
  /** Currency of the balance account, hence of its cards. */
  readonly currency: string;
}

/**
 * Adyen's balance platform: `/bcl/v2/paymentInstruments` and `/transactionRules`, `/btl/v4/transactions`. A POST with a
 * key that was used is answered with the first answer, whatever it says.
 */
export function createAdyenSurface(context: IssuerContext, account: AdyenAccount): Surface {
  const keys = context.store.collection<StoredAnswer>("adyen-idempotency");

  function keyed(request: Request, work: () => Answer): Answer {
    const key = request.headers.get("idempotency-key");
    if (key === null || request.method !== "POST") return work();
    if (key.length > KEY_LENGTH_MAX) return fail(422, "29_001", "idempotency key too long");
    const known = keys.get(key);
    if (known !== undefined && context.now() - known.at < KEY_LIFETIME_MS)
      return { status: known.status, body: JSON.parse(context.unseal(known.sealedBody)) as Json };
    return context.store.transaction(() => {
      const answer = work();
      const sealedBody = context.seal(JSON.stringify(answer.body));
      keys.put(key, { status: answer.status, sealedBody, at: context.now() });
      return answer;
    });
  }

  return {
    async handle(request, url) {
      if (!/^\/(bcl\/v2|btl\/v4)\//.test(url.pathname)) return undefined;
      if (request.headers.get("x-api-key") !== account.apiKey)
        return print(fail(401, "00_401", "HTTP Status Response - Unauthorized"), request);
      const text = await request.text();
      const body = parse(text);
      if (text !== "" && body === undefined)
        return print(fail(400, "00_400", "the body is no JSON object"), request);
      const answer = keyed(request, () => route(context, account, request.method, url, body ?? {}));
      return print(answer, request);
    },
    close: async () => {},
  };
}

function route(
  context: IssuerContext,
  account: AdyenAccount,
  method: string,
  url: URL,
  body: Readonly<Record<string, Json>>,
): Answer {
  const path = url.pathname.replace(/^\/(bcl\/v2|btl\/v4)/, "");
  const [, collection = "", id = "", part = ""] = path.split("/");
  const request = `${method} ${collection}${id === "" ? "" : "/id"}${part === "" ? "" : `/${part}`}`;
  if (request === "POST paymentInstruments") return createInstrument(context, account, body);
  if (request === "POST transactionRules") return createRule(context, body);
  if (request === "GET transactions") return listTransactions(context, url);
  const card = loadCard(context, id);
  if (card === undefined) return fail(404, "00_404", "not found");
  switch (request) {
    case "GET paymentInstruments/id":
      return { status: 200, body: printInstrument(card) };
    case "PATCH paymentInstruments/id":
      return updateInstrument(context, card, body);
    case "GET paymentInstruments/id/transactionRules":
      return { status: 200, body: { transactionRules: [...card.detail.rules] } };
    case "GET paymentInstruments/id/reveal":
      return reveal(context, card);
    default:
      return fail(404, "00_404", "not found");
  }
}

function createInstrument(
  context: IssuerContext,
  account: AdyenAccount,
  info: Readonly<Record<string, Json>>,
): Answer {
  const fault = checkInstrument(info, account.balanceAccountId);
  if (fault !== undefined) return fail(422, "30_112", fault);
  const card = mintCard(context, "416938");
  const record: AdyenRecord = {
    id: `PI${context.random(11).toUpperCase().slice(0, 22)}`,
    issuer: "adyen",
    createdAt: context.now(),
    status: textAt(info, ["status"]) ?? "active",
    currency: account.currency,
    captures: [],
    detail: {
      sealedCard: context.seal(JSON.stringify(card)),
      cardHash: hashCard(card.number, card.cvc),
      info,
      expMonth: card.expMonth,
      expYear: card.expYear,
      lastFour: card.number.slice(-4),
      rules: [],
    },
  };
  credentialsOf(context).put(record.id, record);
  return { status: 200, body: printInstrument(record) };
}

function updateInstrument(
  context: IssuerContext,
  card: AdyenRecord,
  body: Readonly<Record<string, Json>>,
): Answer {
  const status = textAt(body, ["status"], /^(active|inactive|suspended|closed)$/);
  if (status === undefined) return fail(422, "30_112", "status");
  if (card.status === "closed" && status !== "closed")
    return fail(422, "30_113", "a closed payment instrument stays closed");
  const next = { ...card, status };
  credentialsOf(context).put(card.id, next);
  return { status: 200, body: printInstrument(next) };
}

function createRule(context: IssuerContext, rule: Readonly<Record<string, Json>>): Answer {
  const fault = checkRule(rule);
  if (fault !== undefined) return fail(422, "30_112", fault);
  const card = loadCard(context, textAt(rule, ["entityKey", "entityReference"]) ?? "");
  if (card === undefined) return fail(422, "30_114", "entityReference");
  const made = { outcomeType: "hardBlock", requestType: "authorization", ...rule };
  const kept = {
    ...made,
    status: rule.status ?? "active",
    id: `TR${context.random(11).toUpperCase()}`,
  };
  const detail: AdyenCard = { ...card.detail, rules: [...card.detail.rules, kept] };
  credentialsOf(context).put(card.id, { ...card, detail });
  return { status: 200, body: kept };
}

function reveal(context: IssuerContext, { detail }: AdyenRecord): Answer {
  const { number, cvc, expMonth, expYear } = JSON.parse(
    context.unseal(detail.sealedCard),
  ) as CardData;
  const expiration = { month: String(expMonth).padStart(2, "0"), year: `${expYear}` };
  return { status: 200, body: { pan: number, cvc, expiration } };
}

function listTransactions(context: IssuerContext, url: URL): Answer {
  const get = (name: string) => url.searchParams.get(name);
  const card = loadCard(context, get("paymentInstrumentId") ?? "");
  if (
    get("createdSince") === null ||
    get("createdUntil") === null ||
    get("balanceAccountId") === null
  )
    return fail(422, "30_112", "createdSince, createdUntil, balanceAccountId");
  const from = Number(get("cursor") ?? 0);
  const rows = (card?.captures ?? []).map(({ chargeId, amount, currency, at }) => ({
    id: chargeId,
    amount: { currency, value: -Number(amount) },
    balanceAccountId: get("balanceAccountId"),
    balancePlatform: "Sandbox",
    creationDate: new Date(at).toISOString(),
    status: "booked",
    accountHolder: { id: "AH0000000000000000000001" },
    balanceAccount: { id: get("balanceAccountId") },
    paymentInstrument: { id: card?.id ?? "" },
    bookingDate: new Date(at).toISOString(),
    valueDate: new Date(at).toISOString(),
  }));
  const links =
    rows.length > from + PAGE
      ? { next: { href: `/btl/v4/transactions?cursor=${from + PAGE}` } }
      : {};
  return { status: 200, body: { data: rows.slice(from, from + PAGE), links } };
}

function loadCard(context: IssuerContext, id: string): AdyenRecord | undefined {
  const found = credentialsOf(context).get(id);
  return found?.issuer === "adyen" ? (found as AdyenRecord) : undefined;
}

function printInstrument({ id, status, detail }: AdyenRecord): Json {
  const { info, lastFour, expMonth, expYear } = detail;
  return {
    ...info,
    id,
    status,
    card: {
      ...(info.card as Readonly<Record<string, Json>>),
      bin: "416938",
      lastFour,
      number: `************${lastFour}`,
      expiration: { month: String(expMonth).padStart(2, "0"), year: `${expYear}` },
    },
  };
}

/** An error in Adyen's form; `detail` never repeats what was sent. */
function fail(status: number, errorCode: string, detail: string): Answer {
  return {
    status,
    body: { type: "https://docs.adyen.com/errors", title: "Error", status, detail, errorCode },
  };
}

function print({ status, body }: Answer, request: Request): Response {
  const key = request.headers.get("idempotency-key");
  return Response.json(body, { status, headers: key === null ? {} : { "idempotency-key": key } });
}

function parse(text: string): Readonly<Record<string, Json>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return memberAt({ value }, "value") !== null &&
      typeof value === "object" &&
      !Array.isArray(value)
      ? (value as Readonly<Record<string, Json>>)
      : undefined;
  } catch {
    return undefined;
  }
}
