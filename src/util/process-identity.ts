import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** True when a process with this id runs, whoever owns it. */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return readState(pid) !== "Z";
}

/**
 * When the process started, in milliseconds since the epoch, to about a second; undefined when it cannot be told.
 * Together with the id it tells a process from a later one that got the same id.
 */
export function startedAt(pid: number): number | undefined {
  try {
    if (process.platform === "linux") return startedAtFromProc(pid);
    const text = execFileSync("/bin/ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
    });
    const time = Date.parse(text.trim());
    return Number.isNaN(time) ? undefined : time;
  } catch {
    return undefined;
  }
}

/** Linux `/proc/<pid>/stat`, proc(5): field 3 is the state, field 22 the start in clock ticks (100 a second) after boot. */
function startedAtFromProc(pid: number): number | undefined {
  const ticks = Number(statFields(pid)[19]);
  const boot = /^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1];
  if (boot === undefined || Number.isNaN(ticks)) return undefined;
  return Number(boot) * 1000 + ticks * 10;
}

function readState(pid: number): string | undefined {
  try {
    return statFields(pid)[0];
  } catch {
    return undefined;
  }
}

/** The fields from the third on; the second, the command's name, may hold blanks and brackets. */
function statFields(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}
