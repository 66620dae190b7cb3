import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import { request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import { memberAt } from "../../util/json-access.ts";
import { classifyAddress } from "../../util/network-address.ts";
import type { WebhookAddress } from "../../util/webhook-address.ts";
import type { SinkAnswer } from "./sink.ts";

type Lookup = (
  host: string,
  options: LookupOptions & { readonly all: true },
  done: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

export interface PostOptions {
  /** For all of it, milliseconds. */
  readonly timeout: number;
  /** Names that lead to this machine are followed. */
  readonly allowLoopback: boolean;
  /** Default: the system's resolver. */
  readonly lookup?: Lookup | undefined;
  /** Certificates of one's own authority, PEM. Default: those of Node. */
  readonly authority?: string | undefined;
}

/** A name led to an address that must not be called. */
class AddressError extends Error {
  override readonly name = "AddressError";
}

/** Codes of errors after which nothing was received. */
const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"]);

/**
 * Posts a JSON text once, over a connection of its own. Accepted only after a status of 200 to 299; redirects are not followed and the answer's body
 * is not read. The addresses that a name leads to are checked where the connection is made, so a name cannot lead elsewhere in between.
 */
export function postMessage(
  { url }: WebhookAddress,
  headers: Readonly<Record<string, string>>,
  body: string,
  options: PostOptions,
): Promise<SinkAnswer> {
  const send = url.protocol === "https:" ? requestTls : requestPlain;
  return new Promise((resolve) => {
    const sent = send(url, {
      method: "POST",
      agent: false,
      headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
      lookup: guardLookup(options),
      signal: AbortSignal.timeout(options.timeout),
      ...(options.authority === undefined ? {} : { ca: options.authority }),
    });
    sent.once("response", (response) => {
      const status = response.statusCode ?? 0;
      response.destroy();
      resolve(
        status >= 200 && status < 300
          ? { kind: "accepted" }
          : { kind: "refused", code: `http_${status}` },
      );
    });
    sent.on("error", (error) => resolve(explain(error)));
    sent.end(body);
  });
}

/** The resolver, refusing names of which any address is not public. */
function guardLookup({ allowLoopback, lookup: resolver = lookup as Lookup }: PostOptions) {
  return (
    host: string,
    options: LookupOptions,
    done: (error: Error | null, addresses: LookupAddress[] | string, family?: number) => void,
  ): void => {
    resolver(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, []);
      const [first] = addresses;
      const isAllowed = addresses.every(({ address }) => {
        const place = classifyAddress(address);
        return place === "public" || (allowLoopback && place === "loopback");
      });
      if (!isAllowed || first === undefined) return done(new AddressError(), []);
      if (options.all === true) return done(null, addresses);
      return done(null, first.address, first.family);
    });
  };
}

function explain(error: unknown): SinkAnswer {
  if (error instanceof AddressError) return { kind: "refused", code: "address_not_allowed" };
  const code = String(memberAt(error, "code"));
  if (NEVER_SENT.has(code)) return { kind: "refused", code: "unreachable" };
  if (/CERT|SELF_SIGNED|SSL|TLS/.test(code)) return { kind: "refused", code: "tls_failed" };
  return { kind: "unknown", code: code === "ABORT_ERR" ? "timeout" : "broken" };
}
