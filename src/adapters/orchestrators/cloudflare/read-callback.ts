import { fetchJson } from "../../../util/fetch-json.ts";
import { memberAt, textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import type { ApiPlace } from "./api.ts";

/** What came back to the redirect address for a `state`. */
export type OauthCallback =
  /** Nothing yet. */
  | { readonly kind: "pending" }
  | { readonly kind: "code"; readonly code: Secret }
  | { readonly kind: "error"; readonly error: string }
  /** Whoever serves the redirect address gave no usable answer: nobody knows whether something came. */
  | { readonly kind: "silent" };

/**
 * Asks whoever serves the redirect address what a person's browser brought there: `POST <callbackUrl>` with the form field `state`, answered with 200 and
 * `{status: "pending"}`, `{status: "received", code}` or `{status: "refused", error}`. Asking changes nothing there.
 */
export async function readCallback(
  { fetch, timeout = 30_000 }: Pick<ApiPlace, "fetch" | "timeout">,
  callbackUrl: string,
  state: string,
): Promise<OauthCallback> {
  const init = {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams({ state }),
  };
  const answer = await fetchJson(fetch, callbackUrl, init, timeout);
  if (answer.kind === "failure" || answer.status !== 200) return { kind: "silent" };
  const code = textAt(answer.body, ["code"], /^[\x21-\x7e]{1,4096}$/);
  switch (memberAt(answer.body, "status")) {
    case "pending":
      return { kind: "pending" };
    case "received":
      return code === undefined ? { kind: "silent" } : { kind: "code", code: new Secret(code) };
    case "refused":
      return { kind: "error", error: textAt(answer.body, ["error"]) ?? "access_denied" };
    default:
      return { kind: "silent" };
  }
}
