import { spawn } from "node:child_process";
import { closeSync, openSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunningProgram } from "./program.ts";

const STOP_MS = 5_000;
const PROBE_MS = 100;

/** Starts a program whose process id is kept in a file, so that the next sandbox can end it if this one is killed. It is ready once its port answers. */
export function spawnProgram(input: {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly log: string;
  readonly pidFile: string;
  readonly port: number;
  readonly signal?: NodeJS.Signals | undefined;
  readonly identity?: { readonly uid: number; readonly gid: number } | undefined;
}): RunningProgram {
  const log = openSync(input.log, "a", 0o600);
  const child = spawn(input.command, input.args, {
    cwd: input.cwd,
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin", ...input.env },
    stdio: ["ignore", log, log],
    ...input.identity,
  });
  closeSync(log);
  const ended = new Promise<number>((resolve) => {
    child.once("error", () => resolve(127));
    child.once("exit", (code) => resolve(code ?? 137));
  }).then((code) => {
    rmSync(input.pidFile, { force: true });
    return code;
  });
  if (child.pid !== undefined) writeFileSync(input.pidFile, String(child.pid), { mode: 0o600 });
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  const waitForPort = async (): Promise<void> => {
    while (!(await answers(input.port))) {
      if (isOver) throw new Error("the program ended before it was ready");
      await sleep(PROBE_MS);
    }
  };
  const ready = waitForPort();
  ready.catch(() => undefined);
  return {
    ready,
    ended,
    async stop() {
      child.kill(input.signal ?? "SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
