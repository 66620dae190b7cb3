import type { ChildProcess } from "node:child_process";
import { afterEach, expect, test } from "vitest";
import { listDescendants, type ProcessEntry } from "../support/list-processes.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { startCli } from "../support/run-cli.ts";
import { readEnvelope } from "./envelope-schema.ts";

let project: Project | undefined;
afterEach(async () => {
  await project?.remove();
  project = undefined;
});

/** Resolves when the command has said something on standard error. */
function waitFor(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve) => {
    let said = "";
    child.stderr?.on("data", (chunk: string) => {
      said += chunk;
      if (said.includes(text)) resolve();
    });
  });
}

function findAlive(entries: readonly ProcessEntry[]): readonly string[] {
  return entries
    .filter(({ pid }) => {
      try {
        process.kill(pid, 0);
        return true;
      } catch {
        return false;
      }
    })
    .map(({ command }) => command);
}

test.each([
  ["asking the Pulumi engine", "SIGINT", 130],
  ["applying 13 changes", "SIGINT", 130],
  ["applying 13 changes", "SIGTERM", 143],
] as const)(
  "up that is broken off while %s with %s leaves no process behind",
  {
    timeout: 300_000,
  },
  async (moment, signal, code) => {
    project = makeProject("storefront");
    const { child, done } = startCli(["up", "--json"], { cwd: project.folder });
    await waitFor(child, moment);
    const readFamily = () => listDescendants(child.pid ?? 0);
    const runsEngine = () =>
      readFamily().some(({ command }) => /(^|\/)pulumi (up|preview)\b/.test(command));
    await expect.poll(runsEngine, { timeout: 60_000 }).toBe(true);
    // Into its work; how far it gets does not matter.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const family = readFamily();
    child.kill(signal);
    // A key press may arrive twice: through the terminal and through a parent.
    child.kill(signal);
    const run = await done;
    expect(run.code, run.stderr).toBe(code);
    expect(readEnvelope(run.stdout)).toMatchObject({ ok: false, error: { code: "interrupted" } });
    await expect.poll(() => findAlive(family), { timeout: 60_000 }).toEqual([]);
  },
);
