import { expect, test } from "vitest";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { listProcesses } from "../support/list-processes.ts";
import { PROJECT_ROOT, runCli } from "../support/run-cli.ts";

test("the demo sells two compasses in the clone's sandbox, buys the domain once, and leaves no process behind", {
  timeout: 600_000,
}, async () => {
  const run = await runCli(["demo", "--json"], { cwd: PROJECT_ROOT });
  const envelope = readEnvelope(run.stdout);
  expect(run.code, run.stderr).toBe(0);
  expect(envelope).toMatchObject({
    ok: true,
    data: {
      order: { product: "compass", quantity: 2, cents: 6800, status: "confirmed" },
      money: { spent: "10.44 USD", held: "0.00 USD" },
    },
  });
  const left = listProcesses().filter(({ command }) =>
    command.includes(`--home ${PROJECT_ROOT}/.supercargo/sandbox`),
  );
  expect(left).toEqual([]);
});
