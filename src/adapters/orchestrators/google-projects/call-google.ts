import { fetchJson } from "../../../util/fetch-json.ts";
import { textAt } from "../../../util/json-access.ts";
import type { Secret } from "../../../util/secret.ts";
import { readSilence } from "../read-silence.ts";
import type { GoogleFailure, GooglePlace } from "./google-place.ts";

/** Statuses of an answer that are a plain no (AIP-193), each with the HTTP status it comes with. All others may be followed by a yes. */
const PLAIN_NO: Readonly<Record<string, number>> = {
  ALREADY_EXISTS: 409,
  FAILED_PRECONDITION: 400,
  INVALID_ARGUMENT: 400,
  NOT_FOUND: 404,
};

/** One call of a JSON API of Google Cloud. */
export async function callGoogle(
  place: GooglePlace,
  token: Secret,
  method: "GET" | "POST" | "PUT",
  url: string,
  body?: object,
): Promise<{ readonly kind: "ok"; readonly result: unknown } | GoogleFailure> {
  const headers = { authorization: `Bearer ${token.reveal()}`, "content-type": "application/json" };
  const init =
    body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  const exchange = await fetchJson(place.fetch, url, init, place.timeout ?? 30_000);
  if (exchange.kind === "failure") return readSilence(exchange);
  const { status, body: result } = exchange;
  if (status === 200) return { kind: "ok", result };
  const name = textAt(result, ["error", "status"], /^[A-Z][A-Z_]{0,63}$/);
  if (name === undefined) return { kind: "unknown", code: "malformed" };
  if (status === 401 || status === 403)
    return { kind: "refused", code: "unauthorized", isAboutAsker: true };
  const kind = PLAIN_NO[name] === status ? "refused" : "unknown";
  return { kind, code: name.toLowerCase() };
}
