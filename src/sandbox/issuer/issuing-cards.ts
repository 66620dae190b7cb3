import type { Json } from "../../util/canonical-json.ts";
import { type CardData, hashCard, mintCard } from "./card-number.ts";
import { credentialsOf } from "./credential.ts";
import type { FormParams } from "./form-params.ts";
import type { Operation } from "./operation.ts";
import type { IssuerContext } from "./payment-token.ts";
import { readAmount, readCurrency } from "./read-amount.ts";
import { buildMissingError, buildParameterError, type StripeAnswer } from "./stripe-answer.ts";
import type { StripeCard, StripeCardRecord } from "./stripe-card.ts";

const CARDS = "/v1/issuing/cards";
const INTERVALS = ["per_authorization", "daily", "weekly", "monthly", "yearly", "all_time"];
const INDEXED =
  /^(spending_controls\[(allowed_categories\]\[\d+\]|spending_limits\]\[\d+\]\[(amount|interval)\])|metadata\[[^\]]{1,40}\]|expand\[\d+\])$/;
const NAMES = ["cardholder", "currency", "type", "status", "exp_month", "exp_year"];
const MONTHS_MOST = 60;

/** Cards of Stripe Issuing: create, retrieve, update, and what was paid with them (https://docs.stripe.com/api/issuing/cards). `cardholder` is the one that exists. */
export function createCardOperations(
  context: IssuerContext,
  cardholder: string,
): readonly Operation[] {
  const cards = credentialsOf(context);
  const load = (id: string): StripeCardRecord | undefined => {
    const found = cards.get(id);
    return found?.issuer === "stripe-issuing" ? (found as StripeCardRecord) : undefined;
  };
  const missing = buildMissingError(404, "issuing card", "id");
  return [
    {
      method: "POST",
      path: CARDS,
      isPreview: false,
      prepare({ params, caller }) {
        const draft = readDraft(params, context.now());
        if ("status" in draft && "body" in draft) return draft;
        return () => {
          if (caller.role !== "issuer" || params.get("cardholder") !== cardholder)
            return buildMissingError(400, "cardholder", "cardholder");
          const made = issueCard(context, draft as Draft);
          cards.put(made.id, made);
          return { status: 200, body: printCard(made) };
        };
      },
    },
    {
      method: "GET",
      path: `${CARDS}/:id`,
      isPreview: false,
      prepare:
        ({ id, caller, url }) =>
        () => {
          const card = caller.role === "issuer" ? load(id) : undefined;
          if (card === undefined) return missing;
          const expand = [...url.searchParams].flatMap(([name, value]) =>
            name.startsWith("expand[") ? [value] : [],
          );
          const data = JSON.parse(context.unseal(card.detail.sealedCard)) as CardData;
          const shown = Object.fromEntries(
            (["number", "cvc"] as const).flatMap((name) =>
              expand.includes(name) ? [[name, data[name]]] : [],
            ),
          );
          return { status: 200, body: { ...(printCard(card) as object), ...shown } as Json };
        },
    },
    {
      method: "POST",
      path: `${CARDS}/:id`,
      isPreview: false,
      prepare({ id, caller, params }) {
        const status = params.get("status") ?? "";
        if (!/^(active|inactive|canceled)$/.test(status))
          return buildParameterError("parameter_invalid", "status");
        return () => {
          const card = caller.role === "issuer" ? load(id) : undefined;
          if (card === undefined) return missing;
          if (card.status === "canceled" && status !== "canceled")
            return buildParameterError("parameter_invalid", "status");
          const next = { ...card, status };
          cards.put(id, next);
          return { status: 200, body: printCard(next) };
        };
      },
    },
    {
      method: "GET",
      path: "/v1/issuing/transactions",
      isPreview: false,
      prepare:
        ({ caller, url }) =>
        () => {
          const card = load(url.searchParams.get("card") ?? "");
          if (caller.role !== "issuer") return missing;
          return {
            status: 200,
            body: printTransactions(card, url.searchParams.get("starting_after")),
          };
        },
    },
  ];
}

type Draft = Pick<StripeCard, "allowedCategories" | "spendingLimits" | "metadata"> & {
  readonly currency: string;
  readonly cardStatus: string;
  readonly end: readonly [year: number, month: number] | undefined;
};

function readDraft(params: FormParams, now: number): Draft | StripeAnswer {
  const unknown = params.names.find((name) => !NAMES.includes(name) && !INDEXED.test(name));
  if (unknown !== undefined) return buildParameterError("parameter_unknown", unknown);
  const absent = ["cardholder", "currency", "type"].find((name) => params.get(name) === undefined);
  if (absent !== undefined) return buildParameterError("parameter_missing", absent);
  const currency = readCurrency(params.get("currency"));
  if (currency === undefined || !/^(USD|EUR|GBP)$/.test(currency))
    return buildParameterError("parameter_invalid", "currency");
  if (params.get("type") !== "virtual") return buildParameterError("parameter_invalid", "type");
  const limits = readLimits(params);
  if (limits === undefined)
    return buildParameterError("parameter_invalid", "spending_controls[spending_limits]");
  const [month, year] = [params.get("exp_month"), params.get("exp_year")];
  const end = month === undefined ? undefined : ([Number(year), Number(month)] as const);
  const monthNow = new Date(now).getUTCFullYear() * 12 + new Date(now).getUTCMonth();
  const ahead = end === undefined ? 0 : end[0] * 12 + end[1] - 1 - monthNow;
  if (!(ahead >= 0 && ahead <= MONTHS_MOST))
    return buildParameterError("parameter_invalid", "exp_year");
  const categories = params.names
    .filter((name) => name.startsWith("spending_controls[allowed_categories]"))
    .map((name) => params.get(name) ?? "");
  return {
    currency,
    cardStatus: params.get("status") ?? "inactive",
    end,
    allowedCategories: categories.length === 0 ? null : categories,
    spendingLimits: limits,
    metadata: params.map("metadata"),
  };
}

function readLimits(params: FormParams): StripeCard["spendingLimits"] | undefined {
  const limits: { amount: string; interval: string }[] = [];
  for (let index = 0; ; index++) {
    const at = (name: string) =>
      params.get(`spending_controls[spending_limits][${index}][${name}]`);
    const amount = at("amount");
    const interval = at("interval");
    if (amount === undefined && interval === undefined) return limits;
    if (readAmount(amount) === undefined || !INTERVALS.includes(interval ?? "")) return undefined;
    limits.push({ amount: amount ?? "", interval: interval ?? "" });
  }
}

function issueCard(context: IssuerContext, draft: Draft): StripeCardRecord {
  const { currency, cardStatus, end, ...terms } = draft;
  const card = mintCard(context, "400000999");
  const [expYear, expMonth] = end ?? [card.expYear, card.expMonth];
  return {
    id: `ic_${context.random(12)}`,
    issuer: "stripe-issuing",
    createdAt: context.now(),
    status: cardStatus,
    currency,
    captures: [],
    detail: {
      ...terms,
      sealedCard: context.seal(JSON.stringify({ ...card, expYear, expMonth })),
      cardHash: hashCard(card.number, card.cvc),
      last4: card.number.slice(-4),
      expMonth,
      expYear,
      cardholder: "",
    },
  };
}

function printCard({ id, createdAt, status, currency, detail }: StripeCardRecord): Json {
  return {
    id,
    object: "issuing.card",
    brand: "Visa",
    cancellation_reason: null,
    created: Math.floor(createdAt / 1000),
    currency: (currency ?? "").toLowerCase(),
    exp_month: detail.expMonth,
    exp_year: detail.expYear,
    last4: detail.last4,
    livemode: false,
    metadata: detail.metadata,
    spending_controls: {
      allowed_categories: detail.allowedCategories === null ? null : [...detail.allowedCategories],
      spending_limits: detail.spendingLimits.map(({ amount, interval }) => ({
        amount: Number(amount),
        categories: [],
        interval,
      })),
      spending_limits_currency: (currency ?? "").toLowerCase(),
    },
    status,
    type: "virtual",
  };
}

/** A capture is negative, as money that left the balance (https://docs.stripe.com/api/issuing/transactions/object). Ten a page. */
function printTransactions(card: StripeCardRecord | undefined, after: string | null): Json {
  const rows = (card?.captures ?? []).map(({ chargeId, amount, currency, at }) => ({
    id: `ipi_${chargeId}`,
    object: "issuing.transaction",
    amount: -Number(amount),
    card: card?.id ?? "",
    created: Math.floor(at / 1000),
    currency: currency.toLowerCase(),
    type: "capture",
  }));
  const from = after === null ? 0 : rows.findIndex(({ id }) => id === after) + 1;
  return {
    object: "list",
    data: rows.slice(from, from + 10),
    has_more: rows.length > from + 10,
    url: "/v1/issuing/transactions",
  };
}
