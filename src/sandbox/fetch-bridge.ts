import type { IncomingMessage, ServerResponse } from "node:http";

/** A request's parts, kept so that it can be handled more than once. */
export interface BufferedRequest {
  readonly url: URL;
  /** A fresh Request on every call, body and headers as they came. */
  build(): Request;
}

/** Reads a whole request; undefined when its body is larger than `maxBytes` or the client went away. */
export async function bufferRequest(
  message: IncomingMessage,
  maxBytes: number,
): Promise<BufferedRequest | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of message.iterator({ destroyOnReturn: false })) {
      size += (chunk as Buffer).length;
      if (size > maxBytes) return undefined;
      chunks.push(chunk as Buffer);
    }
  } catch {
    return undefined;
  }
  const method = message.method ?? "GET";
  const headers = new Headers();
  for (let index = 0; index < message.rawHeaders.length; index += 2)
    headers.append(message.rawHeaders[index] ?? "", message.rawHeaders[index + 1] ?? "");
  const url = readUrl(message);
  const mayHaveBody = method !== "GET" && method !== "HEAD";
  const body = mayHaveBody && size > 0 ? Buffer.concat(chunks) : undefined;
  return {
    url,
    build: () =>
      new Request(url, body === undefined ? { method, headers } : { method, headers, body }),
  };
}

/** The request's URL on the sandbox's own origin: the Host header decides nothing. */
export function readUrl(message: IncomingMessage): URL {
  const target = message.url ?? "/";
  const path = target.startsWith("/") ? target : "/";
  return new URL(`http://127.0.0.1:${message.socket.localPort}${path}`);
}

/** Sends a Fetch response; `body` replaces the response's own when given. */
export async function sendResponse(
  response: Response,
  outgoing: ServerResponse,
  body?: string,
): Promise<void> {
  const bytes = body === undefined ? Buffer.from(await response.arrayBuffer()) : Buffer.from(body);
  const headers: [string, string][] = [...response.headers].filter(
    ([name]) => !["set-cookie", "content-length", "transfer-encoding", "connection"].includes(name),
  );
  for (const [name, value] of headers) outgoing.setHeader(name, value);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader("set-cookie", cookies);
  outgoing.setHeader("content-length", bytes.length);
  outgoing.writeHead(response.status);
  outgoing.end(bytes);
}
