/**
 * Runs the sandbox as a process of its own: `node serve-sandbox.ts --home <folder> [--with-parent]`.
 *
 * Prints one line on standard output, `{"ready":true,"controlUrl":...,"appPort":...,"pid":...}` or `{"ready":false,"code":...,"message":...}`. Ends cleanly on
 * SIGINT, SIGTERM and SIGHUP; with `--with-parent` also when its standard input closes, which happens when the parent is gone, however it went.
 */
import { parseArgs } from "node:util";
import { SandboxError } from "./sandbox-error.ts";
import { startSandbox } from "./start-sandbox.ts";

const { values } = parseArgs({
  options: { home: { type: "string" }, "with-parent": { type: "boolean", default: false } },
});

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function tell(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function main(home: string, isBoundToParent: boolean): Promise<void> {
  let stop: () => void = () => process.exit(0);
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  for (const signal of SIGNALS) process.once(signal, stop);
  // miniflare would end the process at once on a signal; here its workerd is closed in its turn.
  process.on("newListener", (event: string | symbol, listener: () => void) => {
    if (SIGNALS.some((signal) => signal === event))
      queueMicrotask(() => process.removeListener(event, listener));
  });
  if (isBoundToParent) process.stdin.once("end", stop).once("error", stop).resume();
  // A daemon outlives whoever read its first line.
  process.stdout.on("error", () => {});
  const { controlUrl, appPort, close } = await startSandbox({ home });
  tell({ ready: true, controlUrl, appPort, pid: process.pid });
  await stopped;
  await close();
  process.exit(0);
}

try {
  if (values.home === undefined) throw new SandboxError("start-failed", "--home is missing");
  await main(values.home, values["with-parent"]);
} catch (error) {
  const isKnown = error instanceof SandboxError;
  if (!isKnown) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  tell({
    ready: false,
    code: isKnown ? error.code : "start-failed",
    message: isKnown ? error.message : "the sandbox could not start; see its log",
  });
  process.exit(1);
}
