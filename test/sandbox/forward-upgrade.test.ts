import { createServer } from "node:http";
import { connect } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { createAppServer } from "../../src/sandbox/data-plane/app-server.ts";
import { WORKER_HEADER } from "../../src/sandbox/data-plane/front-worker.ts";
import type { PlaneWorker } from "../../src/sandbox/data-plane/plan.ts";
import type { WorkerdRuntime } from "../../src/sandbox/data-plane/workerd-runtime.ts";
import { listen, probePort } from "../../src/sandbox/listen.ts";

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

/** The same, with one Worker at `worker.test` and workerd played at a port. */
async function openWorkerFront(workerd: number): Promise<number> {
  const server = createAppServer({
    runtime: {
      use: (work: (at: { port: number }) => Promise<void>) => work({ port: workerd }),
    } as unknown as WorkerdRuntime,
    findWorker: (host) => (host === "worker.test" ? ({ id: "shop" } as PlaneWorker) : undefined),
    findUpstream: () => undefined,
    renderHosts: () => "",
  });
  onTestFinished(() => void server.close());
  return listen(server, 0);
}

/** Everything that comes back for these bytes, until the other side ends or `until` has come, after which `last` is sent. */
function exchange(
  port: number,
  first: string,
  {
    until,
    last = "",
    encoding = "utf8",
  }: {
    readonly until?: string;
    readonly last?: string;
    readonly encoding?: BufferEncoding;
  } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    let isSent = false;
    const socket = connect(port, "127.0.0.1", () => socket.write(first));
    socket.setEncoding(encoding).on("data", (chunk: string) => {
      text += chunk;
      if (until !== undefined && !isSent && text.includes(until)) {
        isSent = true;
        socket.end(last);
      }
    });
    socket.on("error", reject).on("close", () => resolve(text));
  });
}

const upgrade = (host: string, path = "/live") =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Forwarded-Host: evil.test\r\n\r\n`;

it("an upgraded connection goes through to an app that is no Worker, both ways", async () => {
  const app = createServer();
  app.on("upgrade", ({ url, headers }, socket) => {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n${url} ${headers.host} ${headers["x-forwarded-host"]} ready `,
    );
    socket.pipe(socket);
  });
  const appPort = await listen(app, 0);
  onTestFinished(() => void app.close());
  const port = await openFront(appPort);
  const text = await exchange(port, upgrade("app.test"), { until: "ready", last: "ping" });
  expect(text).toMatch(/^HTTP\/1\.1 101 /);
  expect(text).toContain("/live app.test app.test ready ping");
  expect(await exchange(port, upgrade("app.test", "/cdn-cgi/x"))).toMatch(/^HTTP\/1\.1 404 /);
});

it("an app's headers come as the bytes that they are", async () => {
  const app = createServer();
  app.on("upgrade", (_, socket) => {
    const head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n";
    socket.end(`${head}X-Name: caf\u00e9\r\n\r\n`, "latin1");
  });
  const appPort = await listen(app, 0);
  onTestFinished(() => void app.close());
  const text = await exchange(await openFront(appPort), upgrade("app.test"), {
    encoding: "latin1",
  });
  expect(text.toLowerCase()).toContain("x-name: caf\u00e9\r\n");
});

it("and to a Worker, whose name this side alone says", async () => {
  const workerd = createServer();
  workerd.on("upgrade", ({ headers }, socket) => {
    const { host, "mf-route": own, [WORKER_HEADER]: worker } = headers;
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n${host} ${own} ${worker} ready `,
    );
    socket.pipe(socket);
  });
  const port = await openWorkerFront(await listen(workerd, 0));
  onTestFinished(() => void workerd.close());
  const head = upgrade("worker.test").slice(0, -2);
  const forged = `${head}${WORKER_HEADER}: bank\r\nMF-Route: bank\r\n\r\n`;
  expect(await exchange(port, forged, { until: "ready", last: "ping" })).toContain(
    "worker.test undefined shop ready ping",
  );
});

it("is refused clearly where there is no app or the app does not listen", async () => {
  const port = await openFront(await probePort(0));
  expect(await exchange(port, upgrade("other.test"))).toMatch(/^HTTP\/1\.1 404 /);
  expect(await exchange(port, upgrade("app.test"))).toMatch(/^HTTP\/1\.1 502 /);
});

it("an app that does not agree to another protocol answers the request, and hears nothing else that was sent with it", async () => {
  const heard: (string | undefined)[] = [];
  const app = createServer((incoming, outgoing) => {
    heard.push(`${incoming.url} ${incoming.headers["x-forwarded-host"]}`);
    outgoing.end("no other protocol here");
  });
  const appPort = await listen(app, 0);
  onTestFinished(() => void app.close());
  const port = await openFront(appPort);
  const smuggled = "GET /inner HTTP/1.1\r\nHost: x\r\nX-Forwarded-Host: evil.test\r\n\r\n";
  const text = await exchange(port, upgrade("app.test") + smuggled);
  expect(text).toMatch(/^HTTP\/1\.1 200 /);
  expect(text).toContain("no other protocol here");
  expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
  expect(heard).toEqual(["/live app.test"]);
});

it("an answer that the app breaks off ends the client's connection, too", async () => {
  const app = createServer((_, outgoing) => {
    outgoing.writeHead(200, { "content-length": 1000 });
    outgoing.write("ten bytes!", () => setTimeout(() => outgoing.destroy(), 20));
  });
  const appPort = await listen(app, 0);
  onTestFinished(() => void app.close());
  const text = await exchange(await openFront(appPort), upgrade("app.test"));
  expect(text).toMatch(/^HTTP\/1\.1 200 /);
  expect(text).toMatch(/ten bytes!$/);
});

it("an upgrade with content is refused, for nobody knows where the content ends", async () => {
  const heard: string[] = [];
  const app = createServer((incoming) => void heard.push(String(incoming.url)));
  const appPort = await listen(app, 0);
  onTestFinished(() => void app.close());
  const port = await openFront(appPort);
  const start = upgrade("app.test").slice(0, -2);
  for (const header of ["Content-Length: 4", "Transfer-Encoding: chunked"])
    expect(await exchange(port, `${start}${header}\r\n\r\nGET `)).toMatch(/^HTTP\/1\.1 400 /);
  expect(heard).toEqual([]);
});

it.each([
  ["another protocol", "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"],
  ["none", "Connection: close\r\n"],
])("a request for %s is an ordinary one", async (_, headers) => {
  const app = createServer((incoming, outgoing) =>
    outgoing.setHeader("connection", "close").end(`plain ${incoming.headers.upgrade}`),
  );
  app.on("upgrade", (_incoming, socket) => socket.end("upgraded"));
  const appPort = await listen(app, 0);
  onTestFinished(() => void app.close());
  const port = await openFront(appPort);
  const head = `GET / HTTP/1.1\r\nHost: app.test\r\n${headers}\r\n`;
  const text = await exchange(port, head, { until: "plain undefined" });
  expect(text).toMatch(/^HTTP\/1\.1 200 /);
  expect(text).toContain("plain undefined");
});

it("no connection is handed over while an earlier request on it has no answer", async () => {
  const app = createServer((incoming, outgoing) => {
    if (incoming.url === "/slow") setTimeout(() => outgoing.end("slow"), 200);
    else outgoing.end("quick");
  });
  app.on("upgrade", (_incoming, socket) =>
    socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\nupgraded"),
  );
  const appPort = await listen(app, 0);
  onTestFinished(() => void app.close());
  const port = await openFront(appPort);
  const slow = "GET /slow HTTP/1.1\r\nHost: app.test\r\n\r\n";
  const text = await exchange(port, `${slow}${upgrade("app.test")}`, { until: "quick" });
  expect(text.match(/HTTP\/1\.1 \d+|slow|quick/g)).toEqual([
    "HTTP/1.1 200",
    "slow",
    "HTTP/1.1 200",
    "quick",
  ]);
});

it("a target in the absolute form is judged as the path that it names", async () => {
  const app = createServer(({ url, headers }, outgoing) => outgoing.end(`${url} ${headers.host}`));
  const appPort = await listen(app, 0);
  onTestFinished(() => void app.close());
  const port = await openFront(appPort);
  const get = (target: string) =>
    exchange(port, `GET ${target} HTTP/1.1\r\nHost: other.test\r\nConnection: close\r\n\r\n`);
  expect(await get("http://app.test/cdn-cgi/x")).toMatch(/^HTTP\/1\.1 404 /);
  expect(await get("http://app.test/here?a=1")).toContain("/here?a=1 app.test");
});
