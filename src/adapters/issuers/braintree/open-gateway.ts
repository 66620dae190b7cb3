import type { BraintreeGateway } from "braintree";
import { textAt } from "../../../util/json-access.ts";
import { unwrapDefault } from "../unwrap-default.ts";

/** How to reach Braintree. Keys and access tokens are secret: never log. */
export interface BraintreeConnection {
  readonly merchantId: string;
  readonly publicKey: string;
  readonly privateKey: string;
  /** The customer in our vault that copies belong to. */
  readonly customerId: string;
  /** The vaulted payment method that all tokens stand for. */
  readonly paymentMethod: string;
  /** Payee -> the OAuth access token by which that merchant agreed to take grants. */
  readonly recipients: Readonly<Record<string, string>>;
  /** Scheme, host and port. Default: Braintree's sandbox. */
  readonly apiUrl?: string | undefined;
}

/** What an exchange proved. */
export type BraintreeAnswer<T> =
  | { readonly kind: "object"; readonly body: T }
  | { readonly kind: "absent" }
  | { readonly kind: "refused" | "unknown"; readonly code: string };

/** Milliseconds for one exchange. */
const TIMEOUT = 30_000;

/** The official gateway of our account, or, with an access token, of a recipient. Loaded at the first use. */
export async function openGateway(
  connection: BraintreeConnection,
  accessToken?: string,
): Promise<BraintreeGateway> {
  const { BraintreeGateway: Gateway, Environment } = unwrapDefault(
    await import("braintree"),
  ) as typeof import("braintree");
  const environment = readEnvironment(Environment, connection.apiUrl);
  const { merchantId, publicKey, privateKey } = connection;
  const gateway = new Gateway(
    accessToken === undefined
      ? { environment, merchantId, publicKey, privateKey }
      : ({ accessToken } as never),
  );
  // A gateway with an access token takes its address from it; there is no option for another.
  gateway.config.environment = environment;
  gateway.config.timeout = TIMEOUT;
  return gateway;
}

function readEnvironment(Environment: typeof import("braintree").Environment, apiUrl?: string) {
  if (apiUrl === undefined) return Environment.Sandbox;
  const { protocol, hostname, port } = new URL(apiUrl);
  const isTls = protocol === "https:";
  return new Environment(
    hostname,
    port === "" ? (isTls ? "443" : "80") : port,
    apiUrl,
    isTls,
    hostname,
    port,
  );
}

/** Runs a call of the gateway, which throws for every answer but 2xx and 422. */
export async function ask<T>(work: () => Promise<T>): Promise<BraintreeAnswer<T>> {
  try {
    return { kind: "object", body: await work() };
  } catch (error) {
    return classify(error);
  }
}

/** The gateway says no more than the kind of failure, and in words whether a connection came to be. */
function classify(error: unknown): Exclude<BraintreeAnswer<never>, { kind: "object" }> {
  const type = textAt(error, ["type"]) ?? textAt(error, ["name"]) ?? "";
  if (type === "notFoundError") return { kind: "absent" };
  if (type === "authenticationError") return { kind: "refused", code: "unauthorized" };
  if (type === "authorizationError") return { kind: "refused", code: "forbidden" };
  if (type === "upgradeRequired") return { kind: "refused", code: "upgrade_required" };
  const message = error instanceof Error ? error.message : "";
  if (/\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)\b/.test(message))
    return { kind: "refused", code: "unreachable" };
  return { kind: "unknown", code: type === "tooManyRequestsError" ? "rate_limited" : "no_answer" };
}
