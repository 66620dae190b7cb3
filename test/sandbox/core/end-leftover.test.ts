import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { endLeftover } from "../../../src/sandbox/end-leftover.ts";

/** A process that waits, with a word in its command line, and the file that names it. */
async function leaveProcess(word: string) {
  const folder = mkdtempSync(join(tmpdir(), "leftover-"));
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", word]);
  const ended = new Promise<string | null>((resolve) => {
    child.once("exit", (_, signal) => resolve(signal));
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  await new Promise((resolve) => child.once("spawn", resolve));
  const pidFile = join(folder, "pid");
  writeFileSync(pidFile, `${child.pid}\n`);
  return { child, ended, pidFile };
}

it("ends what is ours and forgets it", async () => {
  const { ended, pidFile } = await leaveProcess("word-of-ours");
  endLeftover(pidFile, (command) => command.includes("word-of-ours"));
  expect(await ended).toBe("SIGKILL");
  expect(existsSync(pidFile)).toBe(false);
  endLeftover(pidFile, () => true);
});

it("leaves alone what has got the id since", async () => {
  const { child, pidFile } = await leaveProcess("somebody-else");
  endLeftover(pidFile, (command) => command.includes("word-of-ours"));
  expect(child.kill(0)).toBe(true);
  expect(existsSync(pidFile)).toBe(false);
});

it("takes no text for an id that is none", async () => {
  const { child, pidFile } = await leaveProcess("word-of-ours");
  for (const text of ["", "abc", "1.5", `${child.pid} 2`]) {
    writeFileSync(pidFile, text);
    endLeftover(pidFile, (command) => command.includes("word-of-ours"));
    expect(child.kill(0), text).toBe(true);
  }
});
