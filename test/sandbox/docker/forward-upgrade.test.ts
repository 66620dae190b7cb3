import { createServer } from "node:http";
import { connect } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { createAppServer } from "../../../src/sandbox/data-plane/app-server.ts";
import type { WorkerdRuntime } from "../../../src/sandbox/data-plane/workerd-runtime.ts";
import { listen, probePort } from "../../../src/sandbox/listen.ts";

/** The server for deployed apps, with one app that is no Worker at `app.test`. */
async function openFront(appPort: number): Promise<number> {
  const server = createAppServer({
    runtime: {} as WorkerdRuntime,
    findWorker: () => undefined,
    findUpstream: (host) => (host === "app.test" ? appPort : undefined),
    renderHosts: () => "",
  });
  onTestFinished(() => void server.close());
  return listen(server, 0);
}

/** Everything that comes back for these bytes, until the other side ends or `until` has come. */
function exchange(port: number, first: string, until?: string, then = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    let isSent = false;
    const socket = connect(port, "127.0.0.1", () => socket.write(first));
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (until !== undefined && !isSent && text.includes(until)) {
        isSent = true;
        socket.end(then);
      }
    });
    socket.on("error", reject).on("close", () => resolve(text));
  });
}

const upgrade = (host: string, path = "/live") =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: echo\r\nX-Forwarded-Host: evil.test\r\n\r\n`;

it("an upgraded connection goes through to an app that is no Worker, both ways", async () => {
  const app = createServer();
  app.on("upgrade", ({ url, headers }, socket) => {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n${url} ${headers.host} ${headers["x-forwarded-host"]} ready `,
    );
    socket.pipe(socket);
  });
  const appPort = await listen(app, 0);
  onTestFinished(() => void app.close());
  const port = await openFront(appPort);
  const text = await exchange(port, upgrade("app.test"), "ready", "ping");
  expect(text).toMatch(/^HTTP\/1\.1 101 /);
  expect(text).toContain("/live app.test app.test ready ping");
  expect(await exchange(port, upgrade("app.test", "/cdn-cgi/x"))).toMatch(/^HTTP\/1\.1 404 /);
});

it("is refused clearly where there is no app or the app does not listen", async () => {
  const port = await openFront(await probePort(0));
  expect(await exchange(port, upgrade("other.test"))).toMatch(/^HTTP\/1\.1 404 /);
  expect(await exchange(port, upgrade("app.test"))).toMatch(/^HTTP\/1\.1 502 /);
});
