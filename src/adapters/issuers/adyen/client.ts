import { textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import type {
  IssueAnswer,
  Issuer,
  IssuerServices,
  PaymentTokenState,
  RevealAnswer,
} from "../contract.ts";
import { nameToken } from "../name-token.ts";
import { ADYEN_UNITS } from "./adyen-units.ts";
import { type AdyenConnection, type AdyenOptions, createAdyenCall } from "./call-adyen.ts";
import { isPayee, toSeconds } from "./card-rules.ts";
import adyen from "./index.ts";
import { closeCard, createCard, limitAndStart } from "./issue-card.ts";
import { readCardState } from "./read-card-state.ts";
import { readAdyenWebhook } from "./read-webhook.ts";

const CARD_ID = /^PI[A-Za-z0-9]{10,62}$/;

const FIELDS = [
  "apiKey",
  "balanceAccountId",
  "issuingCountryCode",
  "brand",
  "brandVariant",
  "cardholderName",
] as const;

export function openIssuer(connection: unknown, services: IssuerServices): Issuer | undefined {
  const fields = FIELDS.map((name) => [name, textAt(connection, [name])] as const);
  if (fields.some(([, text]) => text === undefined)) return undefined;
  const required = Object.fromEntries(fields) as Record<(typeof FIELDS)[number], string>;
  const apiUrl = textAt(connection, ["apiUrl"]);
  const hmacKey = textAt(connection, ["hmacKey"], /^[0-9A-Fa-f]{16,}$/);
  return createAdyenIssuer({ ...required, apiUrl, hmacKey }, services);
}

/** Issues virtual cards with transaction rules (see README.md beside this file for the facts it rests on). */
export function createAdyenIssuer(
  connection: AdyenConnection,
  options: AdyenOptions & { readonly now: () => number },
): Issuer {
  const call = createAdyenCall(connection, options);

  const read = async (token: Secret): Promise<PaymentTokenState> => {
    const id = token.reveal();
    return CARD_ID.test(id)
      ? readCardState(call, connection.balanceAccountId, id, options.now())
      : { kind: "absent" };
  };

  const revoke = async (token: Secret): Promise<PaymentTokenState> => {
    if (CARD_ID.test(token.reveal())) await closeCard(call, token.reveal());
    return read(token);
  };

  return {
    id: adyen.id,
    capabilities: adyen.capabilities,

    async isHealthy() {
      const answer = await call(({ instruments }) =>
        instruments.getPaymentInstrument("PI00000000000000000000"),
      );
      return answer.kind === "absent" || answer.kind === "object";
    },

    async issue(order): Promise<IssueAnswer> {
      if (!isPayee(order.payee)) return { kind: "refused", code: "payee_unsupported" };
      const limit = ADYEN_UNITS.toUnits(order.cap);
      if (limit.kind === "refused") return limit;
      const made = await createCard(call, connection, order);
      if (made.kind !== "made") return made;
      const fault = await limitAndStart(call, made.id, order, Number(limit.units));
      const token = new Secret(made.id);
      if (fault === undefined)
        return {
          kind: "issued",
          token,
          reference: nameToken(adyen.id, made.id),
          expiresAt: new Date(toSeconds(order.expiresAt)).toISOString(),
        };
      if (fault.kind === "unknown") return fault;
      // A card without all of its rules must not stay.
      return (await closeCard(call, made.id)) ? fault : { kind: "unknown", code: fault.code };
    },

    read,
    revoke,

    async reveal(token): Promise<RevealAnswer> {
      const id = token.reveal();
      const answer = CARD_ID.test(id)
        ? await call(({ instruments }) => instruments.getPanOfPaymentInstrument(id))
        : ({ kind: "absent" } as const);
      if (answer.kind === "absent") return { kind: "refused", code: "absent" };
      if (answer.kind !== "object") return answer;
      return readCardData(answer.body);
    },

    readWebhook: (message) => readAdyenWebhook(connection, message),
  };
}

/** The card as a payee takes it: JSON with `number`, `cvc`, `exp_month` and `exp_year`. */
function readCardData(body: unknown): RevealAnswer {
  const number = textAt(body, ["pan"], /^\d{12,19}$/);
  const cvc = textAt(body, ["cvc"], /^\d{3,4}$/);
  const month = textAt(body, ["expiration", "month"], /^\d{1,2}$/);
  const year = textAt(body, ["expiration", "year"], /^\d{4}$/);
  if (number === undefined || cvc === undefined || month === undefined || year === undefined)
    return { kind: "unknown", code: "malformed" };
  const card = { number, cvc, exp_month: Number(month), exp_year: Number(year) };
  return { kind: "revealed", type: "card", credential: new Secret(JSON.stringify(card)) };
}
