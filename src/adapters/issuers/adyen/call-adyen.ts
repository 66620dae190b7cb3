import type clientInterface from "@adyen/api-library/lib/src/httpClient/clientInterface.js";
import type { PaymentInstrumentsApi } from "@adyen/api-library/lib/src/services/balancePlatform/paymentInstrumentsApi.js";
import type { TransactionRulesApi } from "@adyen/api-library/lib/src/services/balancePlatform/transactionRulesApi.js";
import type { TransactionsApi } from "@adyen/api-library/lib/src/services/transfers/transactionsApi.js";
import type { Fetch } from "../../../util/fetch-json.ts";
import { textAt } from "../../../util/json-access.ts";
import { parseJson } from "../../../util/parse-json.ts";
import { isBeforeTheKey } from "../is-before-the-key.ts";
import { type HttpAnswer, NoAnswerError, sendHttp } from "../send-http.ts";
import { unwrapDefault } from "../unwrap-default.ts";

/** How to reach Adyen's balance platform. `apiKey` and `hmacKey` are secret: never log. */
export interface AdyenConnection {
  /** Scheme, host and port; `/bcl/v2/...` and `/btl/v4/...` hang below. Default: Adyen's test host. */
  readonly apiUrl?: string | undefined;
  readonly apiKey: string;
  /** The balance account that cards spend from, `BA...`. */
  readonly balanceAccountId: string;
  /** ISO 3166-1, where cards are issued. */
  readonly issuingCountryCode: string;
  readonly brand: string;
  readonly brandVariant: string;
  /** At most 26 characters. */
  readonly cardholderName: string;
  /** Key of the webhooks' signatures, hexadecimal; without it no webhook is believed. */
  readonly hmacKey?: string | undefined;
}

/** What an exchange proved. */
export type AdyenAnswer<T> =
  | { readonly kind: "object"; readonly body: T }
  | { readonly kind: "absent" }
  | { readonly kind: "refused" | "unknown"; readonly code: string };

const TEST_HOST = "https://balanceplatform-api-test.adyen.com";

/** An answer that is no success. */
class AdyenError extends Error {
  readonly answer: Exclude<AdyenAnswer<never>, { kind: "object" }>;
  constructor(answer: Exclude<AdyenAnswer<never>, { kind: "object" }>) {
    super(answer.kind);
    this.answer = answer;
  }
}

export interface AdyenApis {
  readonly instruments: PaymentInstrumentsApi;
  readonly rules: TransactionRulesApi;
  readonly transactions: TransactionsApi;
}

export interface AdyenOptions {
  readonly fetch: Fetch;
  /** Milliseconds for one attempt, default 30,000. */
  readonly timeout?: number | undefined;
  /** Further attempts, default 2. */
  readonly repeats?: number | undefined;
}

/**
 * Calls the balance platform through the official library's services, over our own transport: `fetch`, any base address, and Adyen's rule that what is marked
 * `transient-error` may be sent again under the same key. Only the services that are used are loaded: the whole library takes seconds.
 */
export function createAdyenCall(connection: AdyenConnection, options: AdyenOptions) {
  let apis: Promise<AdyenApis> | undefined;
  return async <T>(work: (apis: AdyenApis) => Promise<T>): Promise<AdyenAnswer<T>> => {
    apis ??= openApis(connection, options);
    try {
      return { kind: "object", body: await work(await apis) };
    } catch (error) {
      if (error instanceof AdyenError) return error.answer;
      if (error instanceof NoAnswerError) return { kind: error.kind, code: error.code };
      throw error;
    }
  };
}

async function openApis(connection: AdyenConnection, options: AdyenOptions): Promise<AdyenApis> {
  const [{ default: clientModule }, { EnvironmentEnum }, instruments, rules, transactions] =
    await Promise.all([
      import("@adyen/api-library/lib/src/client.js"),
      import("@adyen/api-library/lib/src/config.js"),
      import("@adyen/api-library/lib/src/services/balancePlatform/paymentInstrumentsApi.js"),
      import("@adyen/api-library/lib/src/services/balancePlatform/transactionRulesApi.js"),
      import("@adyen/api-library/lib/src/services/transfers/transactionsApi.js"),
    ]);
  const Client = unwrapDefault<typeof clientModule.default>(clientModule);
  const client = new Client({
    apiKey: connection.apiKey,
    environment: EnvironmentEnum.TEST,
  });
  client.httpClient = createTransport(connection, options);
  return {
    instruments: new instruments.PaymentInstrumentsApi(client),
    rules: new rules.TransactionRulesApi(client),
    transactions: new transactions.TransactionsApi(client),
  };
}

/** The SDK's transport. Throws for every answer that is no success, so that the SDK reads none of those. */
function createTransport(
  { apiUrl = TEST_HOST, apiKey }: AdyenConnection,
  { fetch, timeout, repeats }: AdyenOptions,
): clientInterface.default {
  return {
    async request(endpoint, json, _config, _needsKey, options = {}) {
      const { pathname } = new URL(endpoint);
      const query = options.params === undefined ? "" : `?${new URLSearchParams(options.params)}`;
      const method = options.method ?? "POST";
      const answer = await sendHttp(
        fetch,
        `${apiUrl.replace(/\/$/, "")}${pathname}${query}`,
        {
          method,
          headers: {
            "x-api-key": apiKey,
            "content-type": "application/json",
            accept: "application/json",
            ...(options.idempotencyKey === undefined
              ? {}
              : { "idempotency-key": options.idempotencyKey }),
          },
          ...(method === "GET" ? {} : { body: String(json) }),
        },
        { timeout, repeats, isPassing },
      );
      const body = parseJson(answer.text);
      if (answer.status < 200 || answer.status > 299) throw new AdyenError(classify(answer, body));
      if (typeof body !== "object" || body === null)
        throw new AdyenError({ kind: "unknown", code: "malformed" });
      return answer.text;
    },
  };
}

/** Adyen marks what may be sent again (https://docs.adyen.com/development-resources/api-idempotency); an overloaded gateway cannot. */
function isPassing({ status, headers }: Pick<HttpAnswer, "status" | "headers">): boolean {
  return headers["transient-error"] === "true" || status === 429 || status >= 502;
}

/** Only an error in Adyen's own form is a definite no. */
function classify(
  { status, headers, isAfterSilence }: HttpAnswer,
  body: unknown,
): AdyenError["answer"] {
  if (status === 404) return { kind: "absent" };
  const code = textAt(body, ["errorCode"], /^[A-Za-z0-9_]{1,40}$/);
  const word = code === undefined ? "no_code" : `adyen_${code.toLowerCase()}`;
  if (isAfterSilence && isBeforeTheKey(status)) return { kind: "unknown", code: word };
  const isDoubtful =
    headers["transient-error"] === "true" || status === 408 || status === 409 || status === 429;
  if (isDoubtful || status >= 500 || code === undefined) {
    const isStranger = status === 401 || status === 403;
    if (!isStranger) return { kind: "unknown", code: word };
  }
  // A key that is under way or was used otherwise says nothing about the first request.
  if (code === "704" || code === "29_704") return { kind: "unknown", code: "idempotency_error" };
  if (status === 401) return { kind: "refused", code: "unauthorized" };
  return { kind: "refused", code: status === 403 ? "forbidden" : word };
}
