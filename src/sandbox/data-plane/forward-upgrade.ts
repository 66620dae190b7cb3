import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";

/** What the proxy says itself, whatever the client says. */
const FORWARDED = new Set(["x-forwarded-host", "x-forwarded-proto"]);

/** Hands a connection that is to be another protocol's, such as a WebSocket, to an app on this machine; 502 where the app does not listen. */
export function forwardUpgrade(
  port: number,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const upstream = connect(port, "127.0.0.1");
  let isConnected = false;
  upstream.on("connect", () => {
    isConnected = true;
    upstream.write(printHead(incoming));
    upstream.write(head);
    upstream.pipe(socket).pipe(upstream);
  });
  upstream.on("error", () => {
    if (isConnected) socket.destroy();
    else socket.end("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
  });
  upstream.on("close", () => socket.end());
  socket.on("error", () => upstream.destroy());
  socket.on("close", () => upstream.destroy());
}

/** As it came, with what a proxy adds. */
function printHead({ method, url, rawHeaders, headers }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (!FORWARDED.has((rawHeaders[i] ?? "").toLowerCase()))
      lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  lines.push(`x-forwarded-host: ${headers.host ?? ""}`, "x-forwarded-proto: http");
  return `${lines.join("\r\n")}\r\n\r\n`;
}
