import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findFreePort } from "../support/find-free-port.ts";

/** The Functions Framework's own command, which Google's buildpacks start in production, too. */
const FRAMEWORK = join(
  dirname(createRequire(import.meta.url).resolve("@google-cloud/functions-framework")),
  "main.js",
);

export interface GoogleFunction {
  readonly url: string;
  close(): Promise<void>;
}

/** Another process may take a free port before the framework does, which takes none that it chose itself. */
const PORTS_TRIED = 5;

/** One function of a bundle, served by the real Functions Framework, with nothing in its environment but `variables`. */
export async function startGoogleFunction(
  file: string,
  target: string,
  variables: Readonly<Record<string, string>>,
): Promise<GoogleFunction> {
  for (let tries = 1; ; tries++) {
    const started = await startOnce(file, target, variables);
    if (typeof started !== "string") return started;
    if (tries === PORTS_TRIED || !started.includes("EADDRINUSE")) throw new Error(started);
  }
}

/** The function, or what the framework said before it ended. */
async function startOnce(
  file: string,
  target: string,
  variables: Readonly<Record<string, string>>,
): Promise<GoogleFunction | string> {
  const port = await findFreePort();
  const child = spawn(
    process.execPath,
    [
      FRAMEWORK,
      ...["--source", file, "--target", target],
      ...["--signature-type", "http", "--port", String(port)],
    ],
    { cwd: "/", env: variables, stdio: ["ignore", "ignore", "pipe"] },
  );
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const url = `http://127.0.0.1:${port}`;
  const exit = once(child, "exit");
  for (;;) {
    if (child.exitCode !== null) return errors;
    const answer = await fetch(`${url}/robots.txt`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer !== undefined) break;
    await sleep(50);
  }
  return {
    url,
    async close() {
      child.kill();
      await exit;
    },
  };
}
