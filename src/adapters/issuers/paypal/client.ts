import { listAt, memberAt, textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import { sha256 } from "../../../util/sha256.ts";
import type {
  IssueAnswer,
  Issuer,
  IssuerServices,
  PaymentTokenState,
  RevealAnswer,
} from "../contract.ts";
import { nameToken } from "../name-token.ts";
import {
  createPaypalCall,
  type PaypalAnswer,
  type PaypalConnection,
  type PaypalOptions,
} from "./call-paypal.ts";
import paypal from "./index.ts";
import { createWebhookReader } from "./read-webhook.ts";

/** `paypal_<payee>_<currency>_<end, seconds since the epoch>_<id in the payee's vault>`; PayPal keeps no more than the last. */
const TOKEN = /^paypal_([2-9A-Z]{13})_([A-Z]{3})_(\d{1,11})_([0-9A-Za-z_-]{1,36})$/;
const VAULT_ID = /^[0-9A-Za-z_-]{1,36}$/;
const PAYEE = /^[2-9A-Z]{13}$/;
const TOKENS = "/v3/vault/payment-tokens";

export function openIssuer(connection: unknown, services: IssuerServices): Issuer | undefined {
  const clientId = textAt(connection, ["clientId"]);
  const clientSecret = textAt(connection, ["clientSecret"]);
  const agreements = memberAt(connection, "agreements");
  if (clientId === undefined || clientSecret === undefined) return undefined;
  if (typeof agreements !== "object" || agreements === null) return undefined;
  return createPaypalIssuer(
    {
      ...{ clientId, clientSecret },
      agreements: agreements as PaypalConnection["agreements"],
      apiUrl: textAt(connection, ["apiUrl"]),
      webhookId: textAt(connection, ["webhookId"]),
    },
    services,
  );
}

/**
 * Turns a billing agreement into a payment token of the payee's vault (see README.md beside this file for the facts it rests on). PayPal forgets a key after
 * three hours, so each token is that of a customer of its own, named after the act: what this customer has is what the act made.
 */
export function createPaypalIssuer(connection: PaypalConnection, options: PaypalOptions): Issuer {
  const call = createPaypalCall(connection, options);

  const read = async (token: Secret): Promise<PaymentTokenState> => {
    const terms = readTerms(token);
    if (terms === undefined) return { kind: "absent" };
    const { payee, currency, expiresAt, id } = terms;
    const answer = await call({ method: "GET", path: `${TOKENS}/${id}`, payee });
    if (answer.kind === "absent") return answer;
    if (answer.kind !== "object") return { kind: "unknown", code: answer.code };
    if (memberAt(answer.body, "id") !== id) return { kind: "unknown", code: "malformed" };
    // What a merchant takes stands in the merchant's books, not in the vault.
    return { kind: "active", captured: { currency, minor: 0n }, expiresAt };
  };

  return {
    id: paypal.id,
    capabilities: paypal.capabilities,

    async isHealthy() {
      const answer = await call({ method: "GET", path: `${TOKENS}/none0000` });
      return answer.kind === "absent" || answer.kind === "object";
    },

    async issue({ key, payee, cap, expiresAt }): Promise<IssueAnswer> {
      const agreement = textAt(connection.agreements, [payee], /^[0-9A-Z_-]{1,255}$/);
      if (agreement === undefined || !PAYEE.test(payee))
        return { kind: "refused", code: "payee_unsupported" };
      const customer = `sc_${sha256(key).slice(0, 18)}`;
      const listed = await call({
        method: "GET",
        path: `${TOKENS}?customer_id=${customer}`,
        payee,
      });
      if (listed.kind === "refused" || listed.kind === "unknown") return listed;
      const known = listed.kind === "object" ? readListed(listed.body) : [];
      if (known === undefined || known.length > 1) return { kind: "unknown", code: "malformed" };
      const made = known[0] ?? (await convert(call, { key, payee, agreement, customer }));
      if (typeof made !== "string") return made;
      const end = Math.floor(Date.parse(expiresAt) / 1000);
      return {
        kind: "issued",
        token: new Secret(`paypal_${payee}_${cap.currency}_${end}_${made}`),
        reference: nameToken(paypal.id, made),
        expiresAt: new Date(end * 1000).toISOString(),
      };
    },

    read,

    async revoke(token) {
      const terms = readTerms(token);
      if (terms !== undefined)
        await call({ method: "DELETE", path: `${TOKENS}/${terms.id}`, payee: terms.payee });
      return read(token);
    },

    async reveal(token): Promise<RevealAnswer> {
      const terms = readTerms(token);
      const state = await read(token);
      if (terms === undefined || state.kind === "absent")
        return { kind: "refused", code: "absent" };
      return state.kind === "active"
        ? { kind: "revealed", type: "paypal_vault_id", credential: new Secret(terms.id) }
        : { kind: "unknown", code: state.kind === "unknown" ? state.code : "malformed" };
    },

    readWebhook: createWebhookReader(connection, options),
  };
}

/** The id of a new payment token for a customer, or why there is none. */
async function convert(
  call: (request: Parameters<ReturnType<typeof createPaypalCall>>[0]) => Promise<PaypalAnswer>,
  act: {
    readonly key: string;
    readonly payee: string;
    readonly agreement: string;
    readonly customer: string;
  },
): Promise<string | Exclude<IssueAnswer, { kind: "issued" }>> {
  const { key, payee, agreement, customer } = act;
  const token = { type: "BILLING_AGREEMENT", id: agreement };
  const made = await call({
    method: "POST",
    path: TOKENS,
    ...{ payee, key },
    body: { customer: { id: customer }, payment_source: { token } },
  });
  if (made.kind === "absent") return { kind: "refused", code: "agreement_missing" };
  if (made.kind !== "object") return made;
  const id = textAt(made.body, ["id"], VAULT_ID);
  if (id === undefined || memberAt(made.body, "customer", "id") !== customer)
    return { kind: "unknown", code: "malformed" };
  if (made.status === 201) return id;
  // The answer of an earlier request under this key: its token may have been deleted since.
  const seen = await call({ method: "GET", path: `${TOKENS}/${id}`, payee });
  if (seen.kind === "object") return id;
  return seen.kind === "absent"
    ? { kind: "refused", code: "revoked" }
    : { ...seen, kind: "unknown" };
}

/** The ids of a customer's tokens; undefined when that is not what was answered. */
function readListed(body: unknown): readonly string[] | undefined {
  const ids = listAt(body, "payment_tokens")?.map((row) => textAt(row, ["id"], VAULT_ID));
  return ids?.every((id) => id !== undefined) === true ? ids : undefined;
}

function readTerms(token: Secret) {
  const [, payee, currency, end, id] = TOKEN.exec(token.reveal()) ?? [];
  if (payee === undefined || currency === undefined || end === undefined || id === undefined)
    return undefined;
  return { payee, currency, expiresAt: new Date(Number(end) * 1000).toISOString(), id };
}
