import type { TextVariables } from "./service-url.ts";

/** A token is renewed this long before it ends. */
const MARGIN_MS = 300_000;

interface Token {
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/**
 * Tokens for one service of Azure, of the identity that App Service gave the app (App Service docs, "How to use managed identities", REST endpoint reference); of
 * several identities that whose client `AZURE_CLIENT_ID` is. Each is asked for when the one before is about to end.
 * @throws TypeError where the machine has no identity.
 */
export function createIdentityTokens(
  resource: string,
  { IDENTITY_ENDPOINT, IDENTITY_HEADER, AZURE_CLIENT_ID }: TextVariables,
): () => Promise<string> {
  if (IDENTITY_ENDPOINT === undefined || IDENTITY_HEADER === undefined)
    throw new TypeError("the machine has no identity");
  const url = new URL(IDENTITY_ENDPOINT);
  url.searchParams.set("api-version", "2019-08-01");
  url.searchParams.set("resource", resource);
  if (AZURE_CLIENT_ID !== undefined) url.searchParams.set("client_id", AZURE_CLIENT_ID);
  let newest: Promise<Token> | undefined;
  return async () => {
    const known = newest;
    const token = known && (await known.catch(() => undefined));
    if (token !== undefined && token.until > Date.now()) return token.value;
    // Of several that find it ended, or wait for the first one, one asks.
    if (newest === undefined || newest === known) newest = fetchToken(url, IDENTITY_HEADER);
    return (await newest).value;
  };
}

async function fetchToken(url: URL, secret: string): Promise<Token> {
  const answer = await fetch(url, { headers: { "x-identity-header": secret } });
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new Error(`the machine's identity was answered with ${answer.status}`);
  }
  const { access_token, expires_on } = (await answer.json()) as {
    readonly access_token: string;
    /** Seconds since 1970, as text. */
    readonly expires_on: string;
  };
  return { value: access_token, until: Number(expires_on) * 1000 - MARGIN_MS };
}
