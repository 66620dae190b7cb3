/** Kills a process with SIGKILL. False when it has ended since it was listed. */
export function killProcess(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}
