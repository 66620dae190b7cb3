import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { findPostgres } from "../../src/sandbox/docker/programs/find-postgres.ts";
import { SERVER_IDENTITY } from "../../src/sandbox/docker/programs/server-identity.ts";

/** A real PostgreSQL server in a folder of its own, reached through a Unix socket. */
export interface PostgresServer {
  readonly url: string;
  readonly version: string;
  /** Kills the server (SIGKILL) as a power cut would end it. */
  kill(): Promise<void>;
  /** Starts it on the same data; recovers what a kill left. */
  start(): Promise<void>;
  /** Stops it and keeps the data. */
  stop(): Promise<void>;
  /** Folder of the data, for copies while it is stopped. */
  readonly data: string;
  remove(): Promise<void>;
}

/** Makes and starts a server. `fsync` as it ships, unless it is switched off for tests that kill nothing. */
export async function startPostgres({ fsync = true } = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "sc-pg-"));
  const data = join(folder, "data");
  if (SERVER_IDENTITY) chownSync(folder, SERVER_IDENTITY.uid, SERVER_IDENTITY.gid);
  const bin = findPostgres(folder);
  run(join(bin, "initdb"), [
    ...["-D", data, "-U", "supercargo", "--auth=trust", "--encoding=UTF8", "--locale=C"],
    ...["--no-instructions", "--no-sync"],
  ]);
  const url = `postgres://supercargo@${encodeURIComponent(folder)}/postgres`;
  let child: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const dying = child;
    child = undefined;
    if (dying === undefined || dying.exitCode !== null || dying.signalCode !== null) return;
    const gone = new Promise((resolve) => dying.once("exit", resolve));
    dying.kill(signal);
    await gone;
  };
  const server: PostgresServer = {
    url,
    data,
    version: run(join(bin, "postgres"), ["--version"]).trim(),
    async start() {
      for (let attempt = 0; attempt < 100; attempt++) {
        child = spawn(
          join(bin, "postgres"),
          [
            "-D",
            data,
            "-k",
            folder,
            "-c",
            "listen_addresses=",
            "-c",
            `fsync=${fsync ? "on" : "off"}`,
          ],
          { ...SERVER_IDENTITY, cwd: folder, stdio: "ignore" },
        );
        if (await answers(url, child)) return;
        // The processes of a killed server need a moment to end.
        await sleep(100);
      }
      throw new Error("the PostgreSQL server does not start");
    },
    stop: () => end("SIGINT"),
    kill: () => end("SIGKILL"),
    async remove() {
      await end("SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

async function answers(url: string, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.query("SELECT 1");
      await client.end();
      return true;
    } catch {
      await client.end().catch(() => undefined);
      await sleep(50);
    }
  }
  return false;
}

function run(program: string, args: readonly string[]): string {
  const done = spawnSync(program, args, { ...SERVER_IDENTITY, cwd: "/", encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${program}: ${done.error?.message ?? done.stderr}`);
  return done.stdout;
}
