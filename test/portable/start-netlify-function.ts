import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const HOST = join(import.meta.dirname, "netlify-host.mjs");

/** A bundle for Netlify in a process with nothing in its environment but `variables`; `blobs` is the way to its site's stores, `queue` the one that it consumes. */
export async function startNetlifyFunction(
  { file, blobs, queue }: Readonly<Record<"file" | "blobs" | "queue", string>>,
  variables: Readonly<Record<string, string>>,
): Promise<{
  readonly url: string;
  /** Calls the function of a schedule; answers with its status. */
  run(schedule: string): Promise<number>;
  close(): Promise<void>;
}> {
  const child = fork(HOST, [file, blobs, queue], { cwd: "/", env: variables, execArgv: [] });
  const exit = once(child, "exit");
  const [{ port }] = await Promise.race([
    once(child, "message"),
    exit.then(() => Promise.reject(new Error("it ended"))),
  ]);
  return {
    url: `http://127.0.0.1:${port}`,
    async run(schedule) {
      const answered = once(child, "message");
      child.send({ schedule });
      const [{ ran }] = await answered;
      return Number(ran);
    },
    async close() {
      child.kill();
      await exit;
    },
  };
}
