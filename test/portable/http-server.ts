import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface Answer {
  readonly status: number;
  readonly json?: unknown;
}

/** Serves on a free port of this machine; answers with `127.0.0.1:port` and how to end it. */
export async function serveJson(
  answer: (request: IncomingMessage, body: string) => Promise<Answer>,
): Promise<{ readonly host: string; close(): void }> {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const { status, json } = await answer(request, body);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(json ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
