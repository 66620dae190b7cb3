import { createCurrencyUnits } from "../../../util/currency-units.ts";
import type { Fetch } from "../../../util/fetch-json.ts";
import { memberAt, textAt } from "../../../util/json-access.ts";
import { parseJson } from "../../../util/parse-json.ts";
import { Secret } from "../../../util/secret.ts";
import type {
  IssueAnswer,
  Issuer,
  IssuerServices,
  PaymentTokenState,
  TokenOrder,
} from "../contract.ts";
import { isBeforeTheKey } from "../is-before-the-key.ts";
import { nameToken } from "../name-token.ts";
import { readAmount } from "../read-amount.ts";
import { type HttpAnswer, NoAnswerError, sendHttp } from "../send-http.ts";
import template from "./index.ts";

/** How to reach it. `apiKey` is secret: never log. */
export interface TemplateConnection {
  readonly apiUrl: string;
  readonly apiKey: string;
}

/** Each currency with the decimals that the vendor's own page gives it. */
const UNITS = createCurrencyUnits([{ exponent: 2, currencies: "EUR GBP USD" }]);
const TOKEN_ID = /^tok_[A-Za-z0-9]{8,64}$/;

export function openIssuer(connection: unknown, { fetch }: IssuerServices): Issuer | undefined {
  const apiUrl = textAt(connection, ["apiUrl"]);
  const apiKey = textAt(connection, ["apiKey"]);
  if (apiUrl === undefined || apiKey === undefined) return undefined;
  return createTemplateIssuer({ apiUrl, apiKey }, { fetch });
}

/** Issues tokens of a made-up API (README.md): replace what is sent and read, keep what is proved. */
export function createTemplateIssuer(
  connection: TemplateConnection,
  options: { readonly fetch: Fetch; readonly repeats?: number | undefined },
): Issuer {
  const call = async (
    method: "GET" | "POST" | "DELETE",
    path: string,
    body?: object,
    key?: string,
  ): Promise<HttpAnswer | NoAnswerError> => {
    const headers = {
      authorization: `Bearer ${connection.apiKey}`,
      ...(key === undefined ? {} : { "idempotency-key": key }),
    };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    try {
      return await sendHttp(options.fetch, `${connection.apiUrl}${path}`, init, options);
    } catch (error) {
      if (error instanceof NoAnswerError) return error;
      throw error;
    }
  };

  const read = async (token: Secret): Promise<PaymentTokenState> => {
    if (!TOKEN_ID.test(token.reveal())) return { kind: "absent" };
    const answer = await call("GET", `/tokens/${token.reveal()}`);
    if (answer instanceof NoAnswerError) return { kind: "unknown", code: answer.code };
    if (answer.status === 404) return { kind: "absent" };
    return readState(answer);
  };

  return {
    id: template.id,
    capabilities: template.capabilities,

    async isHealthy() {
      const answer = await call("GET", "/health");
      return !(answer instanceof NoAnswerError) && answer.status === 200;
    },

    async issue(order): Promise<IssueAnswer> {
      const limit = UNITS.toUnits(order.cap);
      if (limit.kind === "refused") return limit;
      const wanted = describe(order, limit.units);
      const answer = await call("POST", "/tokens", wanted, order.key);
      if (answer instanceof NoAnswerError) return { kind: answer.kind, code: answer.code };
      const body = parseJson(answer.text);
      if (answer.status === 409 || answer.status >= 500)
        return { kind: "unknown", code: "try_again" };
      // A key that expired between two attempts says nothing about the first one.
      if (answer.isAfterSilence && isBeforeTheKey(answer.status))
        return { kind: "unknown", code: "refused" };
      if (answer.status >= 400) return { kind: "refused", code: "refused" };
      const id = textAt(body, ["id"], TOKEN_ID);
      // Whatever comes back is held against what was asked for.
      const isAsOrdered = Object.entries(wanted).every(
        ([name, value]) => memberAt(body, name) === value,
      );
      if (id === undefined || !isAsOrdered) return { kind: "unknown", code: "malformed" };
      const reference = nameToken(template.id, id);
      return { kind: "issued", token: new Secret(id), reference, expiresAt: order.expiresAt };
    },

    read,

    async revoke(token) {
      if (TOKEN_ID.test(token.reveal())) await call("DELETE", `/tokens/${token.reveal()}`);
      return read(token);
    },
  };
}

function describe({ payee, cap, expiresAt }: TokenOrder, units: bigint) {
  return { payee, currency: cap.currency, amount: Number(units), expiresAt };
}

function readState({ text }: HttpAnswer): PaymentTokenState {
  const body = parseJson(text);
  const currency = textAt(body, ["currency"], /^[A-Z]{3}$/);
  const units = readAmount(memberAt(body, "captured"));
  const expiresAt = textAt(body, ["expiresAt"]);
  const status = memberAt(body, "status");
  if (currency === undefined || units === undefined || expiresAt === undefined)
    return { kind: "unknown", code: "malformed" };
  const captured = UNITS.fromUnits(currency, units);
  if (captured === undefined) return { kind: "unknown", code: "malformed" };
  if (status === "active") return { kind: "active", captured, expiresAt };
  return status === "dead"
    ? { kind: "deactivated", reason: "dead", captured }
    : { kind: "unknown", code: "malformed" };
}
