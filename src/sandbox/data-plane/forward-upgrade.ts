import { type IncomingMessage, type OutgoingHttpHeaders, request, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** Whom an upgraded connection goes to, and with which headers; `upgrade` is the client's. */
interface Target {
  readonly port: number;
  readonly headers: OutgoingHttpHeaders;
}

/**
 * Hands a connection that is to be another protocol's, such as a WebSocket, to an app on this machine; 502 where the app does not listen. Until the app has agreed
 * (101) it hears nothing but the request's head: what a client sends on at once would otherwise pass as requests of its own, with headers that only this proxy may
 * set (RFC 9110, 7.8: a client MUST NOT use the new protocol before it was agreed to). A request with content is refused, for it is not known where that ends.
 */
export function forwardUpgrade(
  { port, headers }: Target,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  socket.on("error", () => socket.destroy());
  const { "content-length": length = "0", "transfer-encoding": encoding } = incoming.headers;
  if (length !== "0" || encoding !== undefined) return void answer(socket, "400 Bad Request");
  const { upgrade } = incoming.headers;
  const upstream = request({
    ...{ host: "127.0.0.1", port, agent: false, method: incoming.method, path: incoming.url },
    // Not the client's own list, which could name headers of ours as those of the connection.
    headers: { ...headers, connection: "Upgrade", upgrade },
  });
  let isAnswered = false;
  socket.on("close", () => upstream.destroy());
  upstream.on("error", () => {
    if (isAnswered) socket.destroy();
    else answer(socket, "502 Bad Gateway");
  });
  upstream.on("response", (response) => {
    isAnswered = true;
    const { connection: _, "keep-alive": __, ...rest } = response.headers;
    const outgoing = new ServerResponse(incoming);
    outgoing.shouldKeepAlive = false;
    outgoing.assignSocket(socket as Socket);
    outgoing.on("finish", () => socket.end());
    outgoing.writeHead(response.statusCode ?? 502, rest);
    // An answer that breaks off has no end to pass on.
    response.on("close", () => {
      if (!response.complete) socket.destroy();
    });
    response.pipe(outgoing);
  });
  upstream.on("upgrade", (response, agreed, first) => {
    isAnswered = true;
    const lines = [`HTTP/1.1 101 ${response.statusMessage}`];
    for (let i = 0; i < response.rawHeaders.length; i += 2)
      lines.push(`${response.rawHeaders[i]}: ${response.rawHeaders[i + 1]}`);
    // As they were read, byte by byte.
    socket.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
    socket.write(first);
    agreed.write(head);
    agreed.on("error", () => socket.destroy());
    agreed.on("close", () => socket.end());
    socket.on("close", () => agreed.destroy());
    agreed.pipe(socket).pipe(agreed);
  });
  upstream.end();
}

function answer(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}
