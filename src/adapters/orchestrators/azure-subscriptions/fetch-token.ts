import { fetchJson } from "../../../util/fetch-json.ts";
import { textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import { readSilence } from "../read-silence.ts";
import type { AzureFailure, AzurePlace } from "./azure-place.ts";

/** What a token is asked for: Azure Resource Manager, whatever its address. */
const SCOPE = "https://management.azure.com/.default";

/** A token of the application, by its secret (OAuth 2.0 client credentials, Microsoft identity platform v2.0). */
export async function fetchToken(
  place: AzurePlace,
): Promise<{ readonly kind: "token"; readonly token: Secret } | AzureFailure> {
  const { fetch, loginUrl, tenantId, clientId, clientSecret, timeout = 30_000 } = place;
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret.reveal(),
    scope: SCOPE,
  });
  const url = `${loginUrl}/${tenantId}/oauth2/v2.0/token`;
  const exchange = await fetchJson(fetch, url, { method: "POST", body }, timeout);
  if (exchange.kind === "failure") return readSilence(exchange);
  const { status } = exchange;
  if (status === 400 || status === 401 || status === 403)
    return { kind: "refused", code: "unauthorized", isAboutAsker: true };
  const token = textAt(exchange.body, ["access_token"], /^[\x21-\x7e]{8,8192}$/);
  return status === 200 && token !== undefined
    ? { kind: "token", token: new Secret(token) }
    : { kind: "unknown", code: "malformed" };
}
