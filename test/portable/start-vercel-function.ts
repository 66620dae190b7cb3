import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const HOST = join(import.meta.dirname, "vercel-host.mjs");

/** A bundle for Vercel in a process with nothing in its environment but `variables`; `blob` is the origin of the store's stand-in. */
export async function startVercelFunction(
  file: string,
  blob: string,
  variables: Readonly<Record<string, string>>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const child = fork(HOST, [file, blob], { cwd: "/", env: variables, execArgv: [] });
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
