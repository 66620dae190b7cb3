import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";

/**
 * Ends the process whose id an earlier sandbox, which was killed, left in a file, and removes the file. Process ids are used again: only a process whose command
 * line `isOurs` is ended.
 */
export function endLeftover(pidFile: string, isOurs: (command: string) => boolean): void {
  const pid = readPid(pidFile);
  rmSync(pidFile, { force: true });
  if (pid === undefined || !isOurs(readCommand(pid))) return;
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended between the look and the signal.
  }
}

function readPid(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8").trim());
    return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Empty for a process that is gone. Linux tells it without a program, which not every machine has (proc(5), `cmdline`). */
function readCommand(pid: number): string {
  try {
    if (process.platform === "linux")
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    return execFileSync("/bin/ps", ["-ww", "-p", String(pid), "-o", "args="], {
      encoding: "utf8",
    });
  } catch {
    return "";
  }
}
