import type { IncomingHttpHeaders } from "node:http";

/** A client's headers with what the proxy says itself, whatever the client says. */
export function addForwarded(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const host = headers.host ?? "";
  return { ...headers, host, "x-forwarded-host": host, "x-forwarded-proto": "http" };
}
