import type { JsonExchange } from "../../../util/fetch-json.ts";
import { memberAt, textAt } from "../../../util/json-access.ts";
import { type Failure, readFailure } from "../read-answers.ts";

/** A failure of a token endpoint (RFC 6749, section 5.2; RFC 8628, section 3.5). A wrong client or assertion is a definite no: nothing was made. */
export function readOauthFailure(exchange: JsonExchange): Failure {
  const failure = readFailure(exchange);
  if (failure.code === "expired_token") return { kind: "refused", code: "consent_expired" };
  return failure;
}

/** Whether an identity provider or authorization server described itself, under the name that it was asked by. */
export function describesIssuer(exchange: JsonExchange, issuer: string): boolean {
  return (
    exchange.kind === "answer" &&
    exchange.status === 200 &&
    memberAt(exchange.body, "issuer") === issuer &&
    textAt(exchange.body, ["token_endpoint"]) !== undefined
  );
}
