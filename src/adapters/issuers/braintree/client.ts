import { memberAt, textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import { sha256 } from "../../../util/sha256.ts";
import type {
  IssueAnswer,
  Issuer,
  IssuerServices,
  PaymentTokenState,
  RevealAnswer,
  WebhookAnswer,
  WebhookMessage,
} from "../contract.ts";
import { nameToken } from "../name-token.ts";
import braintree from "./index.ts";
import {
  ask,
  type BraintreeAnswer,
  type BraintreeConnection,
  openGateway,
} from "./open-gateway.ts";

/** A copy's name in our vault, at most 36 characters: currency, end in seconds since the epoch, which act. */
const TOKEN = /^sc_([A-Z]{3})_(\d{10})_([0-9a-f]{18})$/;
const HOUR = 3_600_000;

export function openIssuer(connection: unknown, { now }: IssuerServices): Issuer | undefined {
  const names = ["merchantId", "publicKey", "privateKey", "customerId", "paymentMethod"] as const;
  const fields = names.map((name) => [name, textAt(connection, [name])] as const);
  const recipients = memberAt(connection, "recipients");
  if (fields.some(([, text]) => text === undefined) || typeof recipients !== "object")
    return undefined;
  const required = Object.fromEntries(fields) as Record<(typeof names)[number], string>;
  return createBraintreeIssuer(
    {
      ...required,
      recipients: recipients as BraintreeConnection["recipients"],
      apiUrl: textAt(connection, ["apiUrl"]),
    },
    { now },
  );
}

/**
 * Issues a copy of a vaulted payment method, named after the act, and grants it once each time it is given to its payee (see README.md beside this file for the facts
 * it rests on). Braintree has no idempotency keys: the name is one, because a vault holds a name once.
 */
export function createBraintreeIssuer(
  connection: BraintreeConnection,
  { now }: { readonly now: () => number },
): Issuer {
  const find = async (id: string): Promise<BraintreeAnswer<unknown>> => {
    const gateway = await openGateway(connection);
    return ask(() => gateway.paymentMethod.find(id));
  };

  const read = async (token: Secret): Promise<PaymentTokenState> => {
    const terms = readTerms(token.reveal());
    if (terms === undefined) return { kind: "absent" };
    const found = await find(token.reveal());
    if (found.kind === "absent") return found;
    if (found.kind !== "object") return { kind: "unknown", code: found.code };
    // Braintree tells our vault no amounts that others took.
    return {
      kind: "active",
      captured: { currency: terms.currency, minor: 0n },
      expiresAt: terms.expiresAt,
    };
  };

  return {
    id: braintree.id,
    capabilities: braintree.capabilities,

    async isHealthy() {
      const answer = await find("sc_none");
      return answer.kind === "absent" || answer.kind === "object";
    },

    async issue({ key, payee, cap, expiresAt }): Promise<IssueAnswer> {
      if (!Object.hasOwn(connection.recipients, payee))
        return { kind: "refused", code: "payee_unsupported" };
      const end = Math.floor(Date.parse(expiresAt) / 1000);
      const id = `sc_${cap.currency}_${String(end).padStart(10, "0")}_${sha256(key).slice(0, 18)}`;
      const found = await find(id);
      if (found.kind === "refused" || found.kind === "unknown") return found;
      const made = found.kind === "object" ? undefined : await copyMethod(connection, id);
      if (made !== undefined) return made;
      return {
        kind: "issued",
        token: new Secret(id),
        reference: nameToken(braintree.id, id),
        expiresAt: new Date(end * 1000).toISOString(),
      };
    },

    read,

    async revoke(token) {
      const id = token.reveal();
      if (TOKEN.test(id)) {
        const gateway = await openGateway(connection);
        const methods = gateway.paymentMethod as typeof gateway.paymentMethod & {
          delete(token: string, options: { readonly revokeAllGrants: boolean }): Promise<void>;
        };
        await ask(() => methods.delete(id, { revokeAllGrants: true }));
      }
      return read(token);
    },

    async reveal(token, { payee, expiresAt }): Promise<RevealAnswer> {
      const accessToken = Object.hasOwn(connection.recipients, payee)
        ? connection.recipients[payee]
        : undefined;
      if (!TOKEN.test(token.reveal()) || accessToken === undefined)
        return { kind: "refused", code: "absent" };
      const gateway = await openGateway(connection, accessToken);
      const answer = await ask(() =>
        gateway.paymentMethod.grant(token.reveal(), {
          allowVaulting: false,
          includeBillingPostalCode: false,
          revokeAfter: chooseEnd(expiresAt, now()),
        }),
      );
      if (answer.kind === "absent") return { kind: "refused", code: "absent" };
      if (answer.kind !== "object") return answer;
      const nonce = textAt(answer.body, ["paymentMethodNonce", "nonce"]);
      if (nonce !== undefined)
        return { kind: "revealed", type: "braintree_nonce", credential: new Secret(nonce) };
      return memberAt(answer.body, "success") === false
        ? { kind: "refused", code: "grant_refused" }
        : { kind: "unknown", code: "malformed" };
    },

    readWebhook: (message) => readWebhook(connection, message),
  };
}

/** Copies the shared method under a name; undefined when it is there afterwards. */
async function copyMethod(
  connection: BraintreeConnection,
  id: string,
): Promise<Exclude<IssueAnswer, { kind: "issued" }> | undefined> {
  const gateway = await openGateway(connection);
  const nonce = await ask(() => gateway.paymentMethodNonce.create(connection.paymentMethod));
  if (nonce.kind === "absent") return { kind: "refused", code: "payment_method_missing" };
  if (nonce.kind !== "object") return nonce;
  const paymentMethodNonce = textAt(nonce.body, ["paymentMethodNonce", "nonce"]);
  if (paymentMethodNonce === undefined) return { kind: "unknown", code: "malformed" };
  const copy = { customerId: connection.customerId, paymentMethodNonce, token: id };
  const made = await ask(() => gateway.paymentMethod.create(copy));
  if (made.kind === "absent") return { kind: "refused", code: "customer_missing" };
  // The nonce was sent before: only the copy itself is in doubt, and a look will tell.
  if (made.kind !== "object") return { kind: "unknown", code: made.code };
  if (memberAt(made.body, "success") === false) {
    const found = await ask(() => gateway.paymentMethod.find(id));
    return found.kind === "object" ? undefined : { kind: "refused", code: "copy_refused" };
  }
  return memberAt(made.body, "paymentMethod", "token") === id
    ? undefined
    : { kind: "unknown", code: "malformed" };
}

/** On the hour, and at least 24 hours ahead, as Braintree wants it; never before the order's end. */
function chooseEnd(expiresAt: string, now: number): Date {
  const earliest = Math.max(Date.parse(expiresAt), now + 25 * HOUR);
  return new Date(Math.ceil(earliest / HOUR) * HOUR);
}

function readTerms(token: string) {
  const [, currency, end] = TOKEN.exec(token) ?? [];
  if (currency === undefined) return undefined;
  return { currency, expiresAt: new Date(Number(end) * 1000).toISOString() };
}

/** The body is a form of `bt_signature` and `bt_payload`; the signature is an HMAC of the payload under our private key, without a time. */
async function readWebhook(
  connection: BraintreeConnection,
  { body }: WebhookMessage,
): Promise<WebhookAnswer> {
  const form = new URLSearchParams(body);
  const gateway = await openGateway(connection);
  const parsed = await ask(() =>
    gateway.webhookNotification.parse(form.get("bt_signature") ?? "", form.get("bt_payload") ?? ""),
  );
  if (parsed.kind !== "object") return { kind: "refused", code: "signature" };
  const token = textAt(parsed.body, ["revokedPaymentMethodMetadata", "token"]);
  const isEnd = memberAt(parsed.body, "kind") === "granted_payment_method_revoked";
  return {
    kind: "event",
    about: isEnd ? "ended" : "other",
    reference: token && nameToken(braintree.id, token),
  };
}
