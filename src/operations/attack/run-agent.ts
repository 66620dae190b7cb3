import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** How a process of the hostile agent ended. */
export interface AgentExit {
  readonly stdout: string;
  readonly signal: NodeJS.Signals | null;
}

/** Runs one of the agent's programs as a process of its own and hands it its order on standard input. */
export function runAgent(
  program: "greedy-agent" | "crashing-agent",
  order: unknown,
  env: Readonly<Record<string, string>> = {},
): Promise<AgentExit> {
  const script = fileURLToPath(new URL(`./${program}.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--no-warnings", script], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.end(JSON.stringify(order));
  return new Promise((resolve, reject) => {
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.on("error", reject);
    child.on("close", (_, signal) => resolve({ stdout, signal }));
  });
}
