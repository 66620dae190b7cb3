import { type Fetch, fetchJson, type JsonExchange } from "../../../util/fetch-json.ts";
import { textAt } from "../../../util/json-access.ts";
import { describesIssuer } from "./read-oauth-failure.ts";

/** An authorization server, found by its issuer identifier. */
export interface AuthorizationServer {
  readonly issuer: string;
  /** The address of an endpoint in its metadata, on the issuer's own origin; undefined where it names none there. */
  endpoint(name: string): string | undefined;
  /** A form sent to an endpoint. */
  post(
    url: string,
    form: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<JsonExchange>;
}

/**
 * Fetches the metadata of an issuer: OpenID Connect Discovery for an identity provider (the well-known path behind the issuer's), RFC 8414 for an authorization
 * server (in front of it). Answers with the failed exchange where there is none.
 */
export async function openServer(
  fetch: Fetch,
  issuer: string,
  kind: "openid" | "oauth",
  timeout: number,
): Promise<AuthorizationServer | JsonExchange> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  const url =
    kind === "openid"
      ? `${origin}${path}/.well-known/openid-configuration`
      : `${origin}/.well-known/oauth-authorization-server${path}`;
  const found = await fetchJson(fetch, url, { headers: { Accept: "application/json" } }, timeout);
  if (!describesIssuer(found, issuer) || found.kind === "failure") return found;
  return {
    issuer,
    endpoint(name) {
      const text = textAt(found.body, [name]) ?? "";
      return URL.canParse(text) && new URL(text).origin === origin ? text : undefined;
    },
    post: (target, form, headers = {}) =>
      fetchJson(
        fetch,
        target,
        {
          method: "POST",
          headers: { Accept: "application/json", ...headers },
          body: new URLSearchParams(form),
        },
        timeout,
      ),
  };
}

/** True for the failed exchange that {@link openServer} answers with. */
export function isNoServer(server: AuthorizationServer | JsonExchange): server is JsonExchange {
  return "kind" in server;
}
