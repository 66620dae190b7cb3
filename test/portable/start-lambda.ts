import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const HOST = join(import.meta.dirname, "lambda-host.mjs");

interface Reply {
  readonly id: string;
  readonly result?: unknown;
  readonly failure?: string;
}

/** A bundle for Lambda in a process with nothing in its environment but `variables`. Events and results travel as JSON, as they do there. */
export async function startLambda(
  file: string,
  variables: Readonly<Record<string, string>>,
): Promise<{ invoke(event: unknown): Promise<unknown>; close(): Promise<void> }> {
  const child = fork(HOST, [file], { cwd: "/", env: variables, execArgv: [] });
  const open = new Map<string, PromiseWithResolvers<unknown>>();
  child.on("message", ({ id, result, failure }: Reply) => {
    if (failure === undefined) open.get(id)?.resolve(result);
    else open.get(id)?.reject(new Error(failure));
    open.delete(id);
  });
  const exit = once(child, "exit");
  await Promise.race([
    once(child, "message"),
    exit.then(() => Promise.reject(new Error("it ended"))),
  ]);
  return {
    invoke(event) {
      const id = crypto.randomUUID();
      const answer = Promise.withResolvers<unknown>();
      open.set(id, answer);
      child.send({ id, event });
      return answer.promise;
    },
    async close() {
      child.kill();
      await exit;
    },
  };
}
