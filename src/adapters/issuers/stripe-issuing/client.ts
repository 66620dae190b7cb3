import { canonicalJson } from "../../../util/canonical-json.ts";
import { createCurrencyUnits } from "../../../util/currency-units.ts";
import { listAt, memberAt, textAt } from "../../../util/json-access.ts";
import type { Money } from "../../../util/money.ts";
import { Secret } from "../../../util/secret.ts";
import { sha256 } from "../../../util/sha256.ts";
import type {
  IssueAnswer,
  Issuer,
  IssuerServices,
  PaymentTokenState,
  RevealAnswer,
  TokenOrder,
  WebhookAnswer,
} from "../contract.ts";
import { nameToken } from "../name-token.ts";
import { readAmount } from "../read-amount.ts";
import {
  createStripeExchange,
  readStripeWebhook,
  type StripeAccess,
  type StripeExchange,
  type StripeOptions,
  UNSIGNED,
} from "../stripe-exchange.ts";
import stripeIssuing from "./index.ts";

export interface StripeIssuingConnection extends StripeAccess {
  /** The cardholder that cards are issued to, `ich_...`. */
  readonly cardholder: string;
}

const PATH = "/v1/issuing/cards";
const CARD_ID = /^ic_[A-Za-z0-9_]{4,200}$/;
/** The currencies that cards are issued in; all have two decimals at Stripe (https://docs.stripe.com/currencies). */
const UNITS = createCurrencyUnits([{ exponent: 2, currencies: "USD EUR GBP" }]);
/** Names of our notes on a card. */
const TERMS = "supercargo_terms";
const EXPIRES_AT = "supercargo_expires_at";
const PAGES_MOST = 100;

export function openIssuer(connection: unknown, { fetch }: IssuerServices): Issuer | undefined {
  const secretKey = textAt(connection, ["secretKey"]);
  const cardholder = textAt(connection, ["cardholder"]);
  if (secretKey === undefined || cardholder === undefined) return undefined;
  const apiUrl = textAt(connection, ["apiUrl"]);
  const webhookSecret = textAt(connection, ["webhookSecret"]);
  return createStripeIssuingIssuer({ secretKey, cardholder, apiUrl, webhookSecret }, { fetch });
}

/** Issues virtual cards with spending controls (see README.md beside this file for the facts it rests on). */
export function createStripeIssuingIssuer(
  connection: StripeIssuingConnection,
  options: StripeOptions,
): Issuer {
  const exchange = createStripeExchange(connection, options);

  const read = async (token: Secret): Promise<PaymentTokenState> => {
    const id = token.reveal();
    if (!CARD_ID.test(id)) return { kind: "absent" };
    const card = await exchange("GET", `${PATH}/${id}`);
    if (card.kind === "absent") return card;
    if (card.kind !== "object") return { kind: "unknown", code: card.code };
    const currency = textAt(card.body, ["currency"], /^[a-z]{3}$/)?.toUpperCase();
    if (currency === undefined) return { kind: "unknown", code: "malformed" };
    const captured = await sumTransactions(exchange, id, currency);
    if ("kind" in captured) return captured;
    return readState(card.body, captured);
  };

  const revoke = async (token: Secret): Promise<PaymentTokenState> => {
    const id = token.reveal();
    if (CARD_ID.test(id))
      await exchange("POST", `${PATH}/${id}`, { status: "canceled" }, `cancel-${sha256(id)}`);
    return read(token);
  };

  return {
    id: stripeIssuing.id,
    capabilities: stripeIssuing.capabilities,

    async isHealthy() {
      const answer = await exchange("GET", `${PATH}/ic_none0000`);
      return answer.kind === "absent" || answer.kind === "object";
    },

    async issue(order): Promise<IssueAnswer> {
      const limit = UNITS.toUnits(order.cap);
      if (limit.kind === "refused") return limit;
      if (!/^[a-z_]{3,64}$/.test(order.payee))
        return { kind: "refused", code: "payee_unsupported" };
      const answer = await exchange(
        "POST",
        PATH,
        buildCard(connection.cardholder, order, limit.units),
        order.key,
      );
      if (answer.kind === "absent") return { kind: "refused", code: "resource_missing" };
      if (answer.kind !== "object") return answer;
      const id = textAt(answer.body, ["id"], CARD_ID);
      if (id === undefined) return { kind: "unknown", code: "malformed" };
      const token = new Secret(id);
      const { expiresAt } = order;
      if (isAsOrdered(answer.body, order, limit.units))
        return { kind: "issued", token, reference: nameToken(stripeIssuing.id, id), expiresAt };
      const state = await revoke(token);
      const dead = state.kind === "deactivated" || state.kind === "absent";
      return { kind: dead ? "refused" : "unknown", code: "wrong_limits" };
    },

    read,
    revoke,

    async reveal(token): Promise<RevealAnswer> {
      const id = token.reveal();
      if (!CARD_ID.test(id)) return { kind: "refused", code: "absent" };
      const answer = await exchange("GET", `${PATH}/${id}`, { expand: ["number", "cvc"] });
      if (answer.kind === "absent") return { kind: "refused", code: "absent" };
      return answer.kind === "object" ? readCardData(answer.body) : answer;
    },

    async readWebhook(message): Promise<WebhookAnswer> {
      const event = await readStripeWebhook(connection, message);
      if (event === undefined) return UNSIGNED;
      const id =
        textAt(event.object, ["id"], CARD_ID) ??
        textAt(event.object, ["card"], CARD_ID) ??
        textAt(event.object, ["card", "id"], CARD_ID);
      const isEnd =
        event.type === "issuing_card.updated" && memberAt(event.object, "status") === "canceled";
      const isUse = event.type === "issuing_transaction.created";
      return {
        kind: "event",
        about: isEnd ? "ended" : isUse ? "used" : "other",
        reference: id && nameToken(stripeIssuing.id, id),
      };
    },
  };
}

/** The card ends with the month in which the order does; the broker cancels it at the order's very end. `units` are the cap's, as Stripe counts it. */
function buildCard(
  cardholder: string,
  order: TokenOrder,
  units: bigint,
): Readonly<Record<string, unknown>> {
  const end = new Date(order.expiresAt);
  return {
    cardholder,
    currency: order.cap.currency.toLowerCase(),
    type: "virtual",
    status: "active",
    exp_month: end.getUTCMonth() + 1,
    exp_year: end.getUTCFullYear(),
    spending_controls: {
      allowed_categories: [order.payee],
      spending_limits: [{ amount: units.toString(), interval: "all_time" }],
    },
    metadata: { [TERMS]: fingerprint(order), [EXPIRES_AT]: order.expiresAt },
  };
}

function isAsOrdered(body: unknown, order: TokenOrder, units: bigint): boolean {
  const controls = memberAt(body, "spending_controls");
  const limits = listAt(controls, "spending_limits") ?? [];
  const categories = listAt(controls, "allowed_categories") ?? [];
  const [limit] = limits;
  return (
    memberAt(body, "status") === "active" &&
    memberAt(body, "currency") === order.cap.currency.toLowerCase() &&
    memberAt(body, "metadata", TERMS) === fingerprint(order) &&
    limits.length === 1 &&
    memberAt(limit, "interval") === "all_time" &&
    (listAt(limit, "categories") ?? []).length === 0 &&
    readAmount(memberAt(limit, "amount")) === units &&
    categories.length === 1 &&
    categories[0] === order.payee
  );
}

function readState(body: unknown, captured: Money): PaymentTokenState {
  const status = memberAt(body, "status");
  if (status === "canceled") return { kind: "deactivated", reason: "canceled", captured };
  const expiresAt = textAt(body, ["metadata", EXPIRES_AT]);
  if ((status !== "active" && status !== "inactive") || expiresAt === undefined)
    return { kind: "unknown", code: "malformed" };
  return { kind: "active", captured, expiresAt };
}

/** Captures are negative, refunds positive (https://docs.stripe.com/api/issuing/transactions/object). */
async function sumTransactions(
  exchange: StripeExchange,
  card: string,
  currency: string,
): Promise<Money | { readonly kind: "unknown"; readonly code: string }> {
  let units = 0n;
  let after: string | undefined;
  for (let page = 0; page < PAGES_MOST; page++) {
    const answer = await exchange("GET", "/v1/issuing/transactions", {
      card,
      ...(after === undefined ? {} : { starting_after: after }),
    });
    if (answer.kind !== "object")
      return { kind: "unknown", code: answer.kind === "absent" ? "malformed" : answer.code };
    const rows = listAt(answer.body, "data") ?? [];
    for (const row of rows) {
      const amount = memberAt(row, "amount");
      if (!Number.isSafeInteger(amount)) return { kind: "unknown", code: "malformed" };
      units -= BigInt(amount as number);
    }
    after = textAt(rows.at(-1), ["id"]);
    if (memberAt(answer.body, "has_more") !== true || after === undefined)
      return (
        UNITS.fromUnits(currency, units < 0n ? 0n : units) ?? { kind: "unknown", code: "malformed" }
      );
  }
  return { kind: "unknown", code: "too_many_transactions" };
}

function readCardData(body: unknown): RevealAnswer {
  const number = textAt(body, ["number"], /^\d{12,19}$/);
  const cvc = textAt(body, ["cvc"], /^\d{3,4}$/);
  const [month, year] = [memberAt(body, "exp_month"), memberAt(body, "exp_year")];
  if (
    number === undefined ||
    cvc === undefined ||
    !Number.isInteger(month) ||
    !Number.isInteger(year)
  )
    return { kind: "unknown", code: "malformed" };
  const credential = new Secret(JSON.stringify({ number, cvc, exp_month: month, exp_year: year }));
  return { kind: "revealed", type: "card", credential };
}

function fingerprint({ payee, cap, expiresAt }: TokenOrder): string {
  const text = canonicalJson([payee, cap.currency, cap.minor.toString(), expiresAt]);
  return sha256(text).slice(0, 32);
}
