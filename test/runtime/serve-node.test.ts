import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createArtifactBuilder } from "../../src/compiler/4-emit/build-artifacts.ts";
import { startNode } from "../portable/node-process.ts";
import { type PostgresServer, startPostgres } from "../support/start-postgres.ts";

const APP = `
  export default {
    async fetch(request, env, context) {
      const { pathname } = new URL(request.url);
      if (pathname === "/slow") {
        await fetch(env.GATE);
        context.waitUntil(new Promise((resolve) => setTimeout(resolve, 300)).then(() => env.DONE.put("background", "done")));
        return new Response("finished");
      }
      if (pathname === "/broken") throw new Error("canary");
      if (pathname === "/send") await env.JOBS.send(await request.json());
      if (pathname === "/kv") return new Response(await env.DONE.get(new URL(request.url).searchParams.get("key")));
      return new Response(env.PLAIN);
    },
    async queue(batch, env) {
      for (const { body, attempts } of batch.messages) {
        await env.DONE.put(body.name, String(attempts));
        if (body.hang && attempts === 1) await new Promise(() => setInterval(() => undefined, 1000));
      }
    },
  };`;

let folder: string;
let bundle: string;
let server: PostgresServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sc-node-"));
  mkdirSync(join(folder, "app"));
  writeFileSync(join(folder, "app/index.ts"), APP);
  const artifact = { kind: "bundle", name: "x", source: "app", entry: "index.ts" } as const;
  const at = {
    file: "x",
    path: "",
    range: { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } },
  };
  const build = createArtifactBuilder({ path: folder, shown: folder });
  const [built] =
    (await build([{ ...artifact, target: "node" }], () => at, { report: () => undefined })) ?? [];
  bundle = join(folder, "x.mjs");
  writeFileSync(bundle, built?.files[0]?.bytes ?? "");
  server = await startPostgres({ fsync: false });
});
afterAll(async () => {
  await server?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const variables = () => ({
  PLAIN: "as it is",
  JOBS: `${server.url}?queue=jobs`,
  DONE: `${server.url}?kv=done`,
  SUPERCARGO_BINDINGS: "JOBS,DONE",
  SUPERCARGO_CONSUMES: "JOBS",
});
const start = () => startNode(bundle, variables());
const text = async (url: string, init?: RequestInit) => (await fetch(url, init)).text();
const send = (url: string, body: unknown) =>
  fetch(`${url}/send`, { method: "POST", body: JSON.stringify(body) });

/** An address whose answer waits until it is let go. */
async function openGate() {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const gate = createServer((_, response) => {
    reached.resolve();
    void released.promise.then(() => response.end());
  });
  await new Promise<void>((resolve) => gate.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    gate.close();
    gate.closeAllConnections();
  });
  const { port } = gate.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    reached: reached.promise,
    open: () => released.resolve(),
  };
}

function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
      .once("connect", () => {
        socket.destroy();
        resolve(false);
      })
      .once("error", () => resolve(true));
  });
}

/** One of this machine's that isn't 127.0.0.1. */
function findOtherAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list = []) => list);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.2";
}

describe("an app as a Node process", () => {
  test("serves, says that it is well, and hands plain variables on", async () => {
    const app = await start();
    expect(await text(`${app.url}/`)).toBe("as it is");
    expect(await text(`${app.url}/healthz`)).toBe("ok\n");
    expect(await app.end("SIGTERM")).toEqual({ code: 0, signal: null });
  });

  test("is reached at the addresses that it is told to listen on", async () => {
    const reached = async (variables: Readonly<Record<string, string>>) => {
      const app = await startNode(bundle, { PLAIN: "here", ...variables });
      const url = Object.assign(new URL(app.url), { hostname: findOtherAddress() });
      const answer = await fetch(url).then(
        (response) => response.text(),
        () => "refused",
      );
      await app.end("SIGTERM");
      return answer;
    };
    expect(await reached({})).toBe("here");
    expect(await reached({ HOST: "127.0.0.1" })).toBe("refused");
  });

  test("reports what a request threw, and tells nobody outside", async () => {
    const app = await start();
    const answer = await fetch(`${app.url}/broken`);
    expect([answer.status, await answer.text()]).toEqual([500, "Internal server error\n"]);
    expect(await app.end("SIGTERM")).toEqual({ code: 0, signal: null });
    expect(app.errors().match(/^Error: canary$/gm)).toHaveLength(1);
  });

  test("finishes on SIGTERM what is under way, and takes nothing more", async () => {
    const gate = await openGate();
    const app = await startNode(bundle, { ...variables(), GATE: gate.url });
    const slow = text(`${app.url}/slow`);
    await gate.reached;
    const ended = app.end("SIGTERM");
    const { port } = new URL(app.url);
    // Well within the nine seconds that what is under way has.
    await expect.poll(() => isRefused(Number(port)), { timeout: 7_000 }).toBe(true);
    gate.open();
    expect(await slow).toBe("finished");
    expect(await ended).toEqual({ code: 0, signal: null });
    const next = await start();
    expect(await text(`${next.url}/kv?key=background`)).toBe("done");
    await next.end("SIGINT");
  });

  test("loses no message when it is killed in the middle of it", async () => {
    const app = await start();
    await send(app.url, { name: "victim", hang: true });
    await expect.poll(() => text(`${app.url}/kv?key=victim`), { timeout: 60_000 }).toBe("1");
    expect(await app.end("SIGKILL")).toEqual({ code: null, signal: "SIGKILL" });
    // The lease of a minute, over sooner.
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query("UPDATE supercargo_queue SET due_at = now()");
    await client.end();
    const next = await start();
    await expect.poll(() => text(`${next.url}/kv?key=victim`), { timeout: 60_000 }).toBe("2");
    expect(await next.end("SIGTERM")).toEqual({ code: 0, signal: null });
  });

  test("goes on when the database was restarted under it", async () => {
    const app = await start();
    await send(app.url, { name: "earlier" });
    await server.stop();
    await server.start();
    await expect
      .poll(async () => (await send(app.url, { name: "later" })).status, { timeout: 60_000 })
      .toBe(200);
    await expect.poll(() => text(`${app.url}/kv?key=later`), { timeout: 60_000 }).toBe("1");
    expect(await app.end("SIGTERM")).toEqual({ code: 0, signal: null });
  });

  test.each([
    [
      "a queue that is none",
      { SUPERCARGO_CONSUMES: "PLAIN" },
      "PLAIN names no queue in PostgreSQL",
    ],
    ["a variable that is missing", { SUPERCARGO_CONSUMES: "MAIL" }, "MAIL names no queue"],
    ["a schedule that is none", { SUPERCARGO_CRONS: "at night" }, "at night"],
    ["a port that is none", { PORT: "99999" }, "PORT holds no port"],
    ["a host that is empty", { HOST: "" }, "HOST is empty"],
    ["a port that is empty", { PORT: "" }, "PORT holds no port"],
  ])("does not start with %s, and says why", async (_, wrong, why) => {
    const failure = await startNode(bundle, { ...variables(), ...wrong }).catch(String);
    expect(failure).toContain(why);
    expect(failure).toMatch(/^Error: the app cannot run: [^\n]+\n$/);
    expect(failure).not.toContain(server.url);
  });
});
