import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  type CallDocker,
  createDockerApi as createClient,
} from "../../../src/deploy/stand-in-plugin/docker/docker-api.ts";
import { writeTar } from "../../../src/deploy/stand-in-plugin/docker/write-tar.ts";
import { containerBase } from "../../../src/sandbox/docker/container-base.ts";
import { createContainerHost } from "../../../src/sandbox/docker/container-host.ts";
import { createDockerApi } from "../../../src/sandbox/docker/create-docker-api.ts";
import { findTarget, readCaddyfile } from "../../../src/sandbox/docker/programs/read-caddyfile.ts";
import { readTar } from "../../../src/sandbox/docker/read-tar.ts";
import { translateText } from "../../../src/sandbox/docker/translate-text.ts";
import { listDescendants } from "../../support/list-processes.ts";
import { startTestSandbox } from "../core/support/test-sandbox.ts";

/** A client of a sandbox that serves containers and nothing else. */
async function openHost() {
  const sandbox = await startTestSandbox({
    startVendors: async (context) => [
      await createDockerApi(context, await createContainerHost(context)),
    ],
  });
  // Only a name that was computed here is removed, and only where the host's files are outside the home.
  const base = containerBase(join(sandbox.home, "docker"));
  onTestFinished(async () => {
    await sandbox.close();
    rmSync(base, { recursive: true, force: true });
  });
  const { engine } = await sandbox.connection();
  const call = createClient(engine.DOCKER_HOST ?? "");
  const socketPath = engine.DOCKER_HOST?.replace("unix://", "");
  return { call, close: () => sandbox.close(), base, home: sandbox.home, socketPath };
}

const isRoot = process.getuid?.() === 0;

/** A program that tries what an app may and may not do, and writes what came of it. */
function probe(outside: string): string {
  return `
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { DatabaseSync, backup } from "node:sqlite";
import { Worker } from "node:worker_threads";
const volume = process.env.FILE.replace("/result.json", "");
const other = ${JSON.stringify(outside)};
const result = {};
const attempt = (name, work) => {
  try { work(); result[name] = "ok"; } catch (error) { result[name] = error.code; }
};
const memory = new DatabaseSync(":memory:");
attempt("readOwn", () => fs.readFileSync(import.meta.filename));
attempt("databaseOwn", () => {
  const own = new DatabaseSync(volume + "/own.sqlite");
  own.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1)");
  own.close();
});
result.user = process.getuid();
attempt("readOther", () => fs.readFileSync(other + "/file"));
attempt("listOther", () => fs.readdirSync(other));
attempt("writeOther", () => fs.writeFileSync(other + "/file", "ours"));
attempt("writeOwnCode", () => fs.writeFileSync(import.meta.filename, ""));
attempt("link", () => fs.symlinkSync(other, volume + "/link"));
attempt("process", () => execFileSync(process.execPath, ["--version"]));
attempt("worker", () => new Worker("", { eval: true }));
attempt("addon", () => process.dlopen({ exports: {} }, volume + "/x.node"));
attempt("databaseOther", () => new DatabaseSync(other + "/a.sqlite"));
attempt("databaseByUrl", () => new DatabaseSync("file:" + volume + "/%2e%2e/%2e%2e/a.sqlite"));
attempt("databaseByConstructor", () => new memory.constructor(other + "/a.sqlite"));
attempt("attachOther", () => memory.exec("ATTACH '" + other + "/a.sqlite' AS a"));
attempt("vacuumOther", () => memory.exec("VACUUM INTO '" + other + "/a.sqlite'"));
const { cwd } = process;
process.cwd = () => volume + "/a/b/c";
attempt("attachRelative", () => memory.exec("ATTACH '../x.sqlite' AS b"));
process.cwd = cwd;
try { await backup(memory, other + "/a.sqlite"); } catch (error) { result.backupOther = error.code; }
fs.writeFileSync(process.env.FILE, JSON.stringify(result));
process.exit(0);
`;
}

async function pullNode(call: CallDocker): Promise<void> {
  await call({ method: "POST", path: "/images/create?fromImage=node&tag=24" });
  await call({ method: "POST", path: "/networks/create", body: { Name: "net" } });
}

async function createNode(call: CallDocker, name: string, code: string, more: object = {}) {
  const { Id } = (await call({
    method: "POST",
    path: `/containers/create?name=${name}`,
    body: {
      Image: "node:24",
      Cmd: ["node", "/app/main.mjs"],
      NetworkingConfig: { EndpointsConfig: { net: {} } },
      ...more,
    },
  })) as { readonly Id: string };
  const tar = writeTar([{ path: "app/main.mjs", content: Buffer.from(code) }]);
  await call({ method: "PUT", path: `/containers/${Id}/archive?path=/`, tar });
  return Id;
}

describe("the Docker Engine API of the sandbox", () => {
  it("runs a program to its end and tells the code", async () => {
    const { call } = await openHost();
    await pullNode(call);
    const id = await createNode(call, "once", "process.exit(process.env.CODE - 0)", {
      Env: ["CODE=7"],
    });
    await call({ method: "POST", path: `/containers/${id}/start` });
    expect(await call({ method: "POST", path: `/containers/${id}/wait` })).toEqual({
      StatusCode: 7,
    });
    const seen = await call({ method: "GET", path: `/containers/once/json` });
    expect(seen).toMatchObject({ State: { Running: false, ExitCode: 7 } });
  });

  it("tells a program to listen for this machine alone", async () => {
    const { call } = await openHost();
    await pullNode(call);
    const code = "process.exit(process.env.HOST === '127.0.0.1' ? 0 : 1)";
    const id = await createNode(call, "app", code, { Env: ["HOST=0.0.0.0"] });
    await call({ method: "POST", path: `/containers/${id}/start` });
    expect(await call({ method: "POST", path: `/containers/${id}/wait` })).toEqual({
      StatusCode: 0,
    });
  });

  it("keeps the rules that Docker has for names and for what is in use", async () => {
    const { call } = await openHost();
    await pullNode(call);
    const post = (path: string, body?: object) => call({ method: "POST", path, body });
    const remove = (path: string) => call({ method: "DELETE", path });
    await post("/volumes/create", { Name: "data" });
    const id = await createNode(call, "app", "", { HostConfig: { Binds: ["data:/data"] } });
    const network = (await call({ method: "GET", path: "/networks/net" })) as { Id: string };
    for (const [attempt, status] of [
      [post("/networks/create", { Name: "net" }), 409],
      [post("/containers/create?name=app", { Image: "node:24" }), 409],
      [post("/containers/create?name=other", { Image: "nothing:1" }), 404],
      [post("/images/create?fromImage=redis&tag=8"), 404],
      [remove("/volumes/data"), 409],
      [remove(`/networks/${network.Id}`), 403],
      [call({ method: "GET", path: "/containers/nobody/json" }), 404],
    ] as const)
      await expect(attempt).rejects.toMatchObject({ status });
    await remove(`/containers/${id}?force=true`);
    await remove("/volumes/data");
    await remove(`/networks/${network.Id}`);
  });

  it("refuses names that Docker refuses, wherever they come in", async () => {
    const { call } = await openHost();
    await pullNode(call);
    const post = (path: string, body?: object) => call({ method: "POST", path, body });
    const create = (HostConfig: object) =>
      post("/containers/create?name=app", { Image: "node:24", HostConfig });
    for (const name of ["..", "../x", "a/b", "/tmp/x/y", ".a", "a", ""]) {
      const encoded = encodeURIComponent(name);
      for (const attempt of [
        create({ Binds: [`${name}:/data`] }),
        create({ Mounts: [{ Type: "volume", Source: name, Target: "/data" }] }),
        post("/volumes/create", { Name: name }),
        post("/networks/create", { Name: name }),
        post(`/containers/create?name=${encoded}`, { Image: "node:24" }),
      ])
        await expect(attempt, name).rejects.toMatchObject({
          status: 400,
          message: expect.stringContaining("[a-zA-Z0-9][a-zA-Z0-9_.-]"),
        });
    }
    for (const refused of [
      { Binds: ["data"] },
      { Binds: ["data:../x"] },
      { Binds: [7] },
      { Mounts: [{ Type: "bind", Source: "/tmp", Target: "/data" }] },
      { Mounts: [null] },
    ])
      await expect(create(refused)).rejects.toMatchObject({ status: 400 });
    await expect(post("/images/create?fromImage=node&tag=..%2Fx")).rejects.toThrow("400");
    await expect(post("/images/create?fromImage=constructor")).rejects.toMatchObject({
      status: 404,
    });
    await expect(call({ method: "GET", path: "/containers/app/json" })).rejects.toThrow("404");
  });

  it("answers 400 to what is no address, and goes on", async () => {
    const { call, socketPath } = await openHost();
    const ask = (path: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        request({ socketPath, path, agent: false }, (response) => {
          response.resume().on("end", () => resolve(response.statusCode));
        })
          .on("error", reject)
          .end();
      });
    expect(await ask("//")).toBe(400);
    expect(await ask("//[/x")).toBe(400);
    expect(await ask("/v1.47/volumes/%zz")).toBe(400);
    expect(await call({ method: "GET", path: "/version" })).toMatchObject({ Version: "sandbox" });
  });

  it("forgets names in its state that could not be given", async () => {
    const seen = await startTestSandbox({
      startVendors: async (context) => {
        const { store } = context;
        const good = { id: "data", name: "data" };
        const bad = { id: "../x", name: "../x" };
        for (const one of [good, bad])
          for (const name of ["docker-volumes", "docker-networks"])
            store.collection(name).put(one.id, one);
        const container = (id: string, name: string, volume: string) =>
          store.collection("docker-containers").put(id, {
            ...{ id, name, image: "node:24", command: [], sealedEnv: "", networks: [] },
            ...{ mounts: [{ volume, path: "/data" }], restarts: false, hasHealthcheck: false },
            ...{ isWanted: false, exitCode: null, createdAt: "" },
          });
        container("c1", "app", "data");
        container("c2", "app2", "../x");
        container("c3", "../x", "data");
        container("../x", "app4", "data");
        const { records } = await createContainerHost(context);
        expect(records.containers.list().map(({ id }) => id)).toEqual(["c1"]);
        expect(records.volumes.list()).toEqual([good]);
        expect(records.networks.list()).toEqual([good]);
        return [];
      },
    });
    await seen.close();
  });

  it("lets an app read its own files, write its volumes, and nothing else", async () => {
    const { call, base, home } = await openHost();
    await pullNode(call);
    // Deep below a folder of the test's, and open to all: what keeps the app out is its own limits.
    const outside = join(home, "..", "outside");
    mkdirSync(outside, { mode: 0o777 });
    chmodSync(join(home, ".."), 0o711);
    chmodSync(outside, 0o777);
    writeFileSync(join(outside, "file"), "theirs", { mode: 0o666 });
    const id = await createNode(call, "limits", probe(outside), {
      Env: ["FILE=/data/notes/result.json"],
      HostConfig: { Binds: ["notes:/data/notes"] },
    });
    await call({ method: "POST", path: `/containers/${id}/start` });
    const ended = await call({ method: "POST", path: `/containers/${id}/wait` });
    expect(ended).toEqual({ StatusCode: 0 });
    const file = join(base, "volumes", "notes", "notes", "result.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
      readOwn: "ok",
      databaseOwn: "ok",
      user: isRoot ? 65_534 : process.getuid?.(),
      readOther: "ERR_ACCESS_DENIED",
      listOther: "ERR_ACCESS_DENIED",
      writeOther: "ERR_ACCESS_DENIED",
      writeOwnCode: "ERR_ACCESS_DENIED",
      link: "ERR_ACCESS_DENIED",
      process: "ERR_ACCESS_DENIED",
      worker: "ERR_ACCESS_DENIED",
      addon: "ERR_DLOPEN_DISABLED",
      databaseOther: "ERR_ACCESS_DENIED",
      databaseByUrl: "ERR_ACCESS_DENIED",
      databaseByConstructor: "ERR_ACCESS_DENIED",
      attachOther: "ERR_SQLITE_ERROR",
      attachRelative: "ERR_SQLITE_ERROR",
      vacuumOther: "ERR_SQLITE_ERROR",
      backupOther: "ERR_ACCESS_DENIED",
    });
    expect(readdirSync(outside)).toEqual(["file"]);
  });

  it("starts no app with what could lift its limits", async () => {
    const { call } = await openHost();
    await pullNode(call);
    for (const [i, more] of [
      { Env: ["NODE_OPTIONS=--allow-fs-read=*"] },
      { Env: ["LD_PRELOAD=/data/x.so"] },
      { Env: ["OPENSSL_CONF=/data/x.cnf"] },
      { Cmd: ["node", "--allow-child-process", "/app/main.mjs"] },
      { Cmd: ["node", "-e", "0"] },
      { Cmd: ["node"] },
    ].entries()) {
      const id = await createNode(call, `lift-${i}`, "", more);
      await expect(call({ method: "POST", path: `/containers/${id}/start` })).rejects.toThrow(
        "the sandbox",
      );
    }
  });

  it("ends what a sandbox that was killed left running", async () => {
    const { call, base, home, close } = await openHost();
    await pullNode(call);
    const id = await createNode(call, "server", "");
    await close();
    const orphan = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", join(base, id)]);
    onTestFinished(() => void orphan.kill("SIGKILL"));
    await new Promise((resolve) => orphan.once("spawn", resolve));
    const ended = new Promise((resolve) => orphan.once("exit", (_, signal) => resolve(signal)));
    writeFileSync(join(home, "docker", `${id}.pid`), String(orphan.pid));
    await startTestSandbox({
      home,
      startVendors: async (context) => {
        await createContainerHost(context);
        return [];
      },
    });
    expect(await Promise.race([ended, sleep(20_000)])).toBe("SIGKILL");
  });

  it("ends its programs with itself", async () => {
    const { call, close } = await openHost();
    await pullNode(call);
    const id = await createNode(call, "server", "setInterval(() => {}, 1000)", {
      HostConfig: { RestartPolicy: { Name: "unless-stopped" } },
    });
    const running = () =>
      listDescendants(process.pid).filter(({ command }) => command.includes(join(id, "app")));
    await call({ method: "POST", path: `/containers/${id}/start` });
    expect(running()).toHaveLength(1);
    await close();
    expect(running()).toEqual([]);
  });
});

describe("archives", () => {
  it("are read as they were written", () => {
    const files = [
      { path: "app/main.mjs", content: Buffer.from("a".repeat(600)) },
      { path: "empty", content: Buffer.alloc(0) },
    ];
    expect([...readTar(writeTar(files))]).toEqual(files.map((one) => [one.path, one.content]));
  });

  it("cannot write outside of their container", () => {
    for (const path of ["../evil", "/evil", "a/../../evil"])
      expect(() => readTar(writeTar([{ path, content: Buffer.from("x") }]))).toThrow("leaves");
  });
});

it("names and paths of containers become those of this machine, longer ones first", () => {
  const translation = {
    ports: [
      { name: "a-db", innerPort: 5432, port: 4001 },
      { name: "db", innerPort: 5432, port: 4002 },
    ],
    folders: [{ path: "/data/notes", folder: "/home/volumes/notes" }],
  };
  expect(translateText("postgres://u:p@a-db:5432/x", translation)).toBe(
    "postgres://u:p@127.0.0.1:4001/x",
  );
  expect(translateText("file:/data/notes/n.sqlite", translation)).toBe(
    "file:/home/volumes/notes/n.sqlite",
  );
});

it("the longest path of a host leads to its app", () => {
  const sites = readCaddyfile(
    "example.com {\n\thandle {\n\t\treverse_proxy shop:8080 {\n\t\t\tlb_try_duration 25s\n\t\t}\n\t}\n\thandle /api/* {\n\t\treverse_proxy api:8080\n\t}\n}\nhttp://inner.localhost {\n\treverse_proxy inner:8080\n}\n",
  );
  expect(findTarget(sites, "example.com", "/x")).toBe("shop:8080");
  expect(findTarget(sites, "example.com", "/api/x")).toBe("api:8080");
  expect(findTarget(sites, "inner.localhost", "/")).toBe("inner:8080");
  expect(findTarget(sites, "other.com", "/")).toBeUndefined();
});
