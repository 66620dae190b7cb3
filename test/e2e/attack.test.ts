import { expect, test } from "vitest";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { PROJECT_ROOT, runCli } from "../support/run-cli.ts";

test("a hostile agent gets nothing through, and not a cent over the cap", {
  timeout: 600_000,
}, async () => {
  const { stdout } = await runCli(["demo", "attack", "--json"], { cwd: PROJECT_ROOT });
  const envelope = readEnvelope(stdout);
  expect(envelope).toMatchObject({ ok: true, data: { over: "0.00 USD" } });
  const { attempts } = (envelope.ok ? envelope.data : {}) as unknown as {
    readonly attempts: readonly { readonly title: string; readonly stopped: boolean }[];
  };
  expect(attempts.length).toBeGreaterThanOrEqual(8);
  expect(attempts.filter(({ stopped }) => !stopped)).toEqual([]);
});
