import { readFileSync } from "node:fs";

/** The environment that a process was started with, as `NAME=value` parted by NUL (Linux); empty when the process is gone. */
export function readEnvironment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}
