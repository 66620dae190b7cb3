import type { IncomingHttpHeaders } from "node:http";

/** Headers between two neighbours, not between client and app (RFC 9110, 7.6.1), but for what says where a body ends. */
const HOP = ["connection", "http2-settings", "keep-alive", "proxy-connection", "te", "upgrade"];
const FRAMING = new Set(["content-length", "transfer-encoding"]);

/** A client's headers but for those of its connection, with what the proxy says itself, whatever the client says. */
export function addForwarded(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { host = "", connection = "" } = headers;
  const named = connection.toLowerCase().split(/[\s,]+/);
  const dropped = new Set([...HOP, ...named].filter((name) => !FRAMING.has(name)));
  const kept = Object.entries(headers).filter(([name]) => !dropped.has(name));
  return {
    ...Object.fromEntries(kept),
    ...{ host, "x-forwarded-host": host, "x-forwarded-proto": "http" },
  };
}
