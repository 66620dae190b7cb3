import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { verifyLog } from "../../src/log/verify/verify-log.ts";
import { createBenchAt, LIMITS } from "./fakes/bench.ts";
import { readSummary } from "./fakes/read-summary.ts";
import { serveWorld } from "./fakes/remote-world.ts";
import { createWorld } from "./fakes/world.ts";

const VICTIM = fileURLToPath(new URL("./fakes/victim.ts", import.meta.url));
const STEPS = "(dispatch|settle) of (create|present) ";
const MOST = 100;

function run(
  args: readonly string[],
): Promise<{ readonly text: string; readonly signal: string | null }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--no-warnings", VICTIM, ...args]);
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += String(chunk);
    });
    child.stderr.on("data", (chunk) => {
      text += String(chunk);
    });
    child.on("close", (_, signal) => resolve({ text, signal }));
  });
}

it("promise 3: one act, once: a process killed at one step after the other makes one of everything in the end", async () => {
  const home = mkdtempSync(join(tmpdir(), "sc-kill-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const struck = join(home, "struck");
  writeFileSync(struck, "");
  const world = createWorld({ now: Date.now });
  const { url, close } = await serveWorld(world);
  onTestFinished(close);

  let runs = 0;
  for (; runs < MOST; runs++) {
    const { text, signal } = await run([home, url, struck, STEPS]);
    if (signal === null) {
      expect(text).toBe("whole\n");
      break;
    }
    expect(signal).toBe("SIGKILL");
  }
  const steps = readFileSync(struck, "utf8").trim().split("\n");
  expect(runs).toBe(steps.length);
  // Five acts, two steps, before and after.
  expect(steps).toHaveLength(20);
  expect(world.accounts).toHaveLength(1);
  expect(world.paymentTokens).toHaveLength(1);
  expect(world.domains).toHaveLength(1);
  expect(world.resources).toHaveLength(1);
  expect(world.accessTokens.filter(({ gone }) => !gone)).toHaveLength(1);
  const summary = await readSummary(home, LIMITS, createBenchAt(home).clock);
  expect(summary?.caps[0]).toMatchObject({ spent: "10.44 USD", held: "0.00 USD" });
  expect(summary?.open).toEqual([]);
  expect(verifyLog(home)).toMatchObject({ ok: true, findings: [] });
}, 300_000);
