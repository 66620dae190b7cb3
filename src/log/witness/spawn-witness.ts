import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { postCheckpoint, type WitnessLink } from "./ask-witness.ts";
import { WitnessError } from "./create-cosigner.ts";

/** A witness that this process started; it ends with this process, however that ends. */
export interface SpawnedWitness {
  /** Resolves when it answers. Throws {@link WitnessError} when it did not start. */
  connect(): Promise<WitnessLink>;
  close(): Promise<void>;
}

/** How long a start may take on a busy machine. */
const START_TIMEOUT_MS = 30_000;
/** All that the process gets of our environment: it needs no credential, and no switch that changes what it runs. */
const PASSED_VARIABLES = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot"];

/**
 * Starts the embedded witness as a process with a key and a folder of its own. `logs` are the verifier keys it may meet for the first time. Returns at once: the
 * witness starts while other work goes on.
 */
export function spawnWitness(folder: string, logs: readonly string[]): SpawnedWitness {
  const place = mkdtempSync(join(tmpdir(), "sc-witness-"));
  const socket = join(place, "witness");
  const script = fileURLToPath(new URL("./serve-witness.ts", import.meta.url));
  const args = ["--folder", folder, "--socket", socket, ...logs.flatMap((key) => ["--log", key])];
  const child = spawn(process.execPath, ["--no-warnings", script, ...args], {
    env: Object.fromEntries(PASSED_VARIABLES.map((name) => [name, process.env[name]])),
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  // Neither the child nor its pipes may keep this process alive: its input closes with us, which is its signal to end.
  child.unref();
  if (child.stdin !== null && "unref" in child.stdin) (child.stdin as { unref(): void }).unref();
  const verifierKey = readVerifierKey(child, ended);
  verifierKey.catch(() => undefined);
  return {
    async connect() {
      const link = { verifierKey: await verifierKey };
      return { ...link, addCheckpoint: (body) => postCheckpoint({ socket }, body) };
    },
    async close() {
      child.stdin?.destroy();
      child.ref();
      await ended;
      rmSync(place, { recursive: true, force: true });
    },
  };
}

async function readVerifierKey(child: ChildProcess, ended: Promise<void>): Promise<string> {
  const output = child.stdout;
  if (output === null) throw new WitnessError("unreachable");
  const lines = createInterface({ input: output });
  const timer = Promise.withResolvers<string>();
  const timeout = setTimeout(() => timer.resolve("{}"), START_TIMEOUT_MS);
  const first = new Promise<string>((resolve) => lines.once("line", resolve));
  const line = await Promise.race([first, timer.promise, ended.then(() => "{}")]);
  clearTimeout(timeout);
  lines.close();
  output.destroy();
  const { verifierKey } = JSON.parse(line) as { readonly verifierKey?: unknown };
  if (typeof verifierKey !== "string") throw new WitnessError("unreachable");
  return verifierKey;
}
