/** Connections of a process to a server without a pooler in front, which has about a hundred for all processes together. */
const DIRECT_CONNECTIONS = "5";
/** Everything else in a provider's URL is for other drivers, or would have this one read files. */
const KEPT: readonly string[] = ["application_name", "options"];
const NAME = /^\w{1,64}$/;
const PORT = "5432";

interface Candidate {
  /** The credential's name, which the provider chose. */
  readonly name: string;
  readonly url: URL;
}

/**
 * The address of a PostgreSQL database among the credentials of a catalogue's service, a JSON object whose names are the provider's choice. Of two that differ only in the host, one of
 * them a pooler's, it is the pooler's: how many processes of an app there are nobody knows. It is reached with TLS and the server's certificate is checked, whatever
 * the URL says; only this machine is reached without where the URL says so.
 * @throws TypeError when there is none, or more than one; the message holds names of credentials and nothing of their text.
 */
export function findPostgresUrl(credentials: string): URL {
  const candidates = listCandidates(credentials);
  const [first, ...others] = distinct(candidates);
  if (first === undefined) throw new TypeError("its credentials hold no URL of PostgreSQL");
  const chosen = others.length === 0 ? first : findPooled([first, ...others]);
  if (chosen === undefined) {
    const names = candidates.map(({ name }) => (NAME.test(name) ? name : "?")).join(", ");
    throw new TypeError(`its credentials hold URLs of several databases: ${names}`);
  }
  return toAddress(chosen.url);
}

function listCandidates(credentials: string): readonly Candidate[] {
  return Object.entries(readObject(credentials)).flatMap(([name, value]) => {
    if (typeof value !== "string" || !/^postgres(?:ql)?:\/\//.test(value)) return [];
    if (!URL.canParse(value)) return [];
    const url = new URL(value);
    return url.hostname === "" ? [] : [{ name, url }];
  });
}

function readObject(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // What the parser says would hold a piece of the text.
  }
  if (typeof value !== "object" || value === null)
    throw new TypeError("its credentials are no JSON object");
  return value;
}

/** One of each database: an address may be there in the words of several drivers. */
function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  const byAddress = Map.groupBy(candidates, ({ url }) => `${serverOf(url)}\n${loginOf(url)}`);
  return [...byAddress.values()].flatMap(([first]) => first ?? []);
}

/** For a scheme that it has no rules of, `URL` knows no default port and keeps the case of a host. */
function serverOf({ hostname, port }: URL): string {
  return `${hostname.toLowerCase()}:${port || PORT}`;
}

/** The one address of a pooler among addresses of one database; undefined when they are not of one, or more than one is a pooler's. */
function findPooled(candidates: readonly Candidate[]): Candidate | undefined {
  const logins = new Set(candidates.map(({ url }) => loginOf(url)));
  const [pooled, ...more] = candidates.filter(({ url }) => isPooled(url));
  return logins.size === 1 && more.length === 0 ? pooled : undefined;
}

function loginOf({ username, password, pathname }: URL): string {
  return [username, password, pathname].join("\n");
}

/** Neon's poolers are at `ep-...-pooler.<region>.aws.neon.tech` (Neon docs, "Connection pooling"). */
function isPooled({ hostname }: URL): boolean {
  return hostname.split(".").some((label) => /(?:^|-)pooler$/i.test(label));
}

function toAddress(found: URL): URL {
  const address = new URL(found);
  address.search = "";
  for (const name of KEPT) {
    const value = found.searchParams.get(name);
    if (value !== null) address.searchParams.set(name, value);
  }
  if (!isPooled(found)) address.searchParams.set("connections", DIRECT_CONNECTIONS);
  const isPlain = found.searchParams.get("sslmode") === "disable" && isOwnMachine(found);
  if (!isPlain) address.searchParams.set("sslmode", "verify-full");
  return address;
}

function isOwnMachine({ hostname }: URL): boolean {
  // The last is the path of a socket.
  return /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3}|%2F.*)$/i.test(hostname);
}
