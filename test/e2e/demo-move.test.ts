import { expect, test } from "vitest";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { PROJECT_ROOT, runCli } from "../support/run-cli.ts";

test("the shop leaves Cloudflare for a container host with its data, while visitors order and write: no request fails, and nothing that was confirmed is lost", {
  timeout: 1_800_000,
}, async () => {
  const { stdout } = await runCli(["demo", "move", "--json"], { cwd: PROJECT_ROOT });
  const envelope = readEnvelope(stdout);
  expect(envelope).toMatchObject({
    ok: true,
    data: { from: "cloudflare", to: "container", failed: 0, lost: 0 },
  });
  const data = (envelope.ok ? envelope.data : {}) as unknown as {
    readonly checked: Readonly<Record<string, number>>;
    readonly requests: number;
    readonly phases: readonly { readonly state: string }[];
    readonly after: string;
  };
  expect(data.checked.orders).toBeGreaterThanOrEqual(200);
  expect(data.checked.media).toBeGreaterThanOrEqual(100);
  expect(data.checked.carts).toBeGreaterThanOrEqual(100);
  expect(data.requests).toBeGreaterThan(50);
  expect(data.phases.map(({ state }) => state)).toEqual(Array(5).fill("done"));
  expect(data.after).toMatch(/^Node/);
});
