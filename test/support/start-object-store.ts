import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AwsClient } from "aws4fetch";
import { ensureStore } from "../../src/deploy/ensure-store.ts";
import { thisMachine } from "../../src/deploy/this-machine.ts";
import { storeProgram } from "../../src/util/store-program.ts";
import { findFreePort } from "./find-free-port.ts";

/**
 * A real S3-compatible store that checks signatures: Versity's gateway over a folder, built from its Go module (the npm packages that play
 * S3 take any signature).
 */
export interface ObjectStore {
  /** `s3://KEY:SECRET@127.0.0.1:port/<bucket>?region=auto&tls=false` of a bucket that was just made. */
  makeBucket(name: string): Promise<string>;
  remove(): Promise<void>;
}

const REGION = "auto";
const ACCESS_KEY = "test-access-key";
const SECRET_KEY = "test-secret/key+with=signs";

/** The gateway's program, built once per machine; else why there is none. */
export async function findObjectStore(): Promise<
  { readonly program: string } | { readonly missing: string }
> {
  const machine = thisMachine();
  const built = await ensureStore(machine, {});
  return built.ok
    ? { program: storeProgram(machine.env, machine.home) }
    : { missing: `no S3-compatible store: ${built.reason}` };
}

/** Another process may take a free port before the gateway does. */
const PORTS_TRIED = 5;

/** Starts the gateway on a folder of its own. */
export async function startObjectStore(program: string): Promise<ObjectStore> {
  for (let tries = 0; tries < PORTS_TRIED; tries++) {
    const started = await startOnce(program);
    if (started !== undefined) return started;
  }
  throw new Error("the object store does not start");
}

/** Undefined where the gateway ended before it answered. */
async function startOnce(program: string): Promise<ObjectStore | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "sc-s3-"));
  for (const name of ["data", "meta"]) mkdirSync(join(folder, name));
  const port = await findFreePort();
  // Not every file system keeps extended attributes, so what describes an object stands in files beside it.
  const storage = ["posix", "--sidecar", join(folder, "meta"), join(folder, "data")];
  const child = spawn(
    program,
    ["--port", `127.0.0.1:${port}`, "--region", REGION, "--quiet", ...storage],
    {
      env: { ROOT_ACCESS_KEY_ID: ACCESS_KEY, ROOT_SECRET_ACCESS_KEY: SECRET_KEY },
      cwd: folder,
      stdio: "ignore",
    },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new AwsClient({
    ...{ accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY, service: "s3", region: REGION },
    retries: 0,
  });
  if (!(await answers(endpoint, child))) {
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
  return {
    async makeBucket(name) {
      const made = await client.fetch(`${endpoint}/${name}`, { method: "PUT" });
      if (!made.ok) throw new Error(`no bucket: ${made.status} ${await made.text()}`);
      const key = `${ACCESS_KEY}:${encodeURIComponent(SECRET_KEY)}`;
      return `s3://${key}@127.0.0.1:${port}/${name}?region=${REGION}&tls=false`;
    },
    async remove() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      if (child.exitCode === null && child.kill()) await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(endpoint: string, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const answer = await fetch(endpoint).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer !== undefined) return true;
    await sleep(50);
  }
  return false;
}
