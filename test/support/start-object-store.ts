import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AwsClient } from "aws4fetch";
import { buildGoProgram, type GoProgram } from "../../src/deploy/build-go-program.ts";
import { withBuildLock } from "../../src/deploy/build-lock.ts";
import { engineCacheFolder } from "../../src/deploy/machine-folders.ts";
import { thisMachine } from "../../src/deploy/this-machine.ts";
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

const MODULE = "github.com/versity/versitygw";
const PROGRAM: GoProgram = {
  what: "object store",
  binary: "versitygw",
  goVersion: "1.25.0",
  module: MODULE,
  version: "1.8.0",
  path: `${MODULE}/cmd/versitygw`,
  ldflags: "-s -w",
  packages: 390,
  sums: [
    `${MODULE} v1.8.0 h1:au+wI+aybno/STsQiSm35Uu6Q6iK5MWReQxgO6SEMFc=`,
    `${MODULE} v1.8.0/go.mod h1:OxcWzwHy0xd9yUjfBneYnqmOwOgyq4QpzpobLsXMQRU=`,
  ],
};

const REGION = "auto";
const ACCESS_KEY = "test-access-key";
const SECRET_KEY = "test-secret/key+with=signs";

/** The gateway's program, built once per machine (half a minute on idle cores, some 60 MB); else why there is none. */
export async function findObjectStore(): Promise<
  { readonly program: string } | { readonly missing: string }
> {
  const machine = thisMachine();
  const target = join(engineCacheFolder(machine), `versitygw-${PROGRAM.version}`);
  const program = join(target, "libexec", PROGRAM.binary);
  if (existsSync(program)) return { program };
  mkdirSync(dirname(target), { recursive: true });
  const failed = await withBuildLock(
    `${target}.lock`,
    () => undefined,
    async () => {
      if (existsSync(program)) return undefined;
      const draft = mkdtempSync(join(dirname(target), "building-"));
      try {
        mkdirSync(join(draft, "libexec"));
        const reason = await buildGoProgram(machine, PROGRAM, draft, {});
        if (reason === undefined) renameSync(draft, target);
        return reason;
      } finally {
        rmSync(draft, { recursive: true, force: true });
      }
    },
  );
  return failed === undefined ? { program } : { missing: `no S3-compatible store: ${failed}` };
}

/** Starts the gateway on a folder of its own. */
export async function startObjectStore(program: string): Promise<ObjectStore> {
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
  await waitUntilItAnswers(endpoint, child);
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

async function waitUntilItAnswers(endpoint: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const answer = await fetch(endpoint).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer !== undefined) return;
    await sleep(50);
  }
  throw new Error("the object store does not start");
}
