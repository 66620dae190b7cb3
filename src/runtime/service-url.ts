/** An AWS-style service at an address, as one URL names it. */
export interface ServiceAddress {
  /** `https://host:port`, without a final slash. */
  readonly endpoint: string;
  /** What stands behind the host, decoded, without slashes at its ends: `bucket`, `123456789012/queue`. */
  readonly path: string;
  readonly region: string;
  readonly credentials: ServiceCredentials;
}

export interface ServiceCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export type TextVariables = Readonly<Record<string, string | undefined>>;

/**
 * Reads `<scheme>://KEY:SECRET@host:port/path?region=auto&tls=false`. Without a key those of the platform's role count, which are
 * `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`; `region` is `auto` and `tls` true by default.
 * @throws TypeError when something is missing; the message holds nothing of the URL.
 */
export function readServiceUrl(url: URL, variables: TextVariables): ServiceAddress {
  const path = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, "");
  const credentials = readCredentials(url, variables);
  if (url.host === "" || path === "") throw new TypeError("it names no host or nothing on it");
  if (credentials === undefined)
    throw new TypeError("it has no access key, and nor has the machine");
  const scheme = url.searchParams.get("tls") === "false" ? "http" : "https";
  return {
    endpoint: `${scheme}://${url.host}`,
    path,
    region: url.searchParams.get("region") ?? "auto",
    credentials,
  };
}

function readCredentials(url: URL, variables: TextVariables): ServiceCredentials | undefined {
  if (url.username !== "") {
    return {
      accessKeyId: decodeURIComponent(url.username),
      secretAccessKey: decodeURIComponent(url.password),
    };
  }
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = variables;
  if (AWS_ACCESS_KEY_ID === undefined || AWS_SECRET_ACCESS_KEY === undefined) return undefined;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN !== undefined && { sessionToken: AWS_SESSION_TOKEN }),
  };
}
