import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const HOST = join(import.meta.dirname, "vercel-host.mjs");

/** What stands in for Vercel's services. */
export interface VercelServices {
  /** The origin of the Blob store. */
  readonly blob: string;
  /** The origin of Vercel Queues. */
  readonly queues: string;
  /** What each call has with it, by which they know the project. */
  readonly token: string;
}

/** A function of a deployment, from its folder, in a process with nothing in its environment but `variables`. */
export async function startVercelFunction(
  folder: string,
  { blob, queues, token }: VercelServices,
  variables: Readonly<Record<string, string>>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const config = readFileSync(join(folder, ".vc-config.json"), "utf8");
  const { handler } = JSON.parse(config) as { readonly handler: string };
  const arguments_ = [join(folder, handler), blob, queues, token];
  const child = fork(HOST, arguments_, { cwd: "/", env: variables, execArgv: [] });
  const exit = once(child, "exit");
  const [port] = await Promise.race([
    once(child, "message"),
    exit.then(() => Promise.reject(new Error("it ended"))),
  ]);
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      child.kill();
      await exit;
    },
  };
}
