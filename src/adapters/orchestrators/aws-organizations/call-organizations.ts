import { textAt } from "../../../util/json-access.ts";
import { parseJson } from "../../../util/parse-json.ts";
import { readSilence } from "../read-silence.ts";
import { type AwsPlace, callAws } from "./call-aws.ts";

/** Why there is no result. Only `refused` is certain; `isAboutAsker`: whoever asks may not, whatever is asked. */
export interface AwsFailure {
  readonly kind: "refused" | "unknown";
  readonly code: string;
  readonly isAboutAsker?: true | undefined;
}

export type AwsAnswer = { readonly kind: "ok"; readonly result: unknown } | AwsFailure;

/** Errors that find fault with who asks (AWS common errors). */
const ABOUT_ASKER: ReadonlySet<string> = new Set([
  "AccessDeniedException",
  "AWSOrganizationsNotInUseException",
  "ExpiredTokenException",
  "IncompleteSignatureException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "MissingAuthenticationTokenException",
  "NotAuthorized",
  "OptInRequired",
  "UnrecognizedClientException",
]);
/** Errors that are a plain no to what was asked. Every other one may be followed by a yes. */
const PLAIN_NO: Readonly<Record<string, string>> = {
  // That it is not in the organisation of whoever asks; it may be in another one, and in use.
  AccountNotFoundException: "account_hidden",
  ConstraintViolationException: "constraint_violation",
  CreateAccountStatusNotFoundException: "request_not_found",
  InvalidInputException: "invalid_input",
};

/** Errors that only ask for patience (`TooManyRequestsException` of each action, and AWS common errors). */
const THROTTLED: ReadonlySet<string> = new Set(["ThrottlingException", "TooManyRequestsException"]);

/** One action of AWS Organizations by its JSON protocol 1.1, sent once; `throttled`: nobody says whether it was heard. */
export async function callOrganizations(
  place: AwsPlace,
  action: string,
  input: object,
): Promise<AwsAnswer> {
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": `AWSOrganizationsV20161128.${action}`,
  };
  const exchange = await callAws(place, "organizations", headers, JSON.stringify(input));
  if (exchange.kind === "failure") return readSilence(exchange);
  const body = parseJson(exchange.text);
  if (exchange.status === 200 && body !== undefined) return { kind: "ok", result: body };
  const isClear = exchange.status >= 400 && exchange.status < 500;
  const [, name = ""] = /(?:^|#)(\w{1,64})(?::|$)/.exec(textAt(body, ["__type"]) ?? "") ?? [];
  if (isClear && ABOUT_ASKER.has(name))
    return { kind: "refused", code: "unauthorized", isAboutAsker: true };
  if (isClear && THROTTLED.has(name)) return { kind: "unknown", code: "throttled" };
  const code = PLAIN_NO[name];
  return isClear && code !== undefined
    ? { kind: "refused", code }
    : { kind: "unknown", code: "malformed" };
}
