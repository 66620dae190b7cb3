import { fetchJson } from "../../../util/fetch-json.ts";
import { textAt } from "../../../util/json-access.ts";
import type { Secret } from "../../../util/secret.ts";
import { readSilence } from "../read-silence.ts";
import type { AzureFailure, AzurePlace } from "./azure-place.ts";

/** One call of Azure Resource Manager; `path` with its query, or a whole address there. */
export async function callAzure(
  place: AzurePlace,
  token: Secret,
  method: "GET" | "PUT",
  path: string,
  body?: object,
): Promise<{ readonly kind: "ok"; readonly result: unknown } | AzureFailure> {
  const headers = { authorization: `Bearer ${token.reveal()}`, "content-type": "application/json" };
  const init =
    body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  const url = `${place.managementUrl}${path}`;
  const exchange = await fetchJson(place.fetch, url, init, place.timeout ?? 30_000);
  if (exchange.kind === "failure") return readSilence(exchange);
  const { status, body: result } = exchange;
  if (status === 200 || status === 201) return { kind: "ok", result };
  if (textAt(result, ["error", "code"]) === undefined)
    return { kind: "unknown", code: "malformed" };
  if (status === 401 || status === 403)
    return { kind: "refused", code: "unauthorized", isAboutAsker: true };
  if (status === 404) return { kind: "refused", code: "not_found" };
  return status === 400
    ? { kind: "refused", code: "bad_request" }
    : { kind: "unknown", code: "unclear" };
}
