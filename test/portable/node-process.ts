import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface NodeProcess {
  readonly url: string;
  /** Everything on standard error until now. */
  readonly errors: () => string;
  /** Sends a signal and answers with how it ended. */
  end(
    signal: NodeJS.Signals,
  ): Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** Starts a bundle for Node as a container would, on a free port, with nothing in its environment but `variables`. */
export async function startNode(
  file: string,
  variables: Readonly<Record<string, string>>,
): Promise<NodeProcess> {
  const child = spawn(process.execPath, [file], {
    cwd: "/",
    env: { PORT: "0", ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const exit = once(child, "close") as Promise<[number | null, string | null]>;
  const lines = createInterface({ input: child.stdout });
  const port = await Promise.race([
    once(lines, "line").then(([line]) => /^listening on port (\d+)$/.exec(String(line))?.[1]),
    exit.then(() => undefined),
  ]);
  if (port === undefined) throw new Error(errors);
  return {
    url: `http://127.0.0.1:${port}`,
    errors: () => errors,
    async end(signal) {
      child.kill(signal);
      const [code, by] = await exit;
      return { code, signal: by };
    },
  };
}
