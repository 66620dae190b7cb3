import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Lowered } from "../../src/adapters/vendors/contract.ts";
import type { Machine } from "../../src/deploy/engine.ts";
import { prepareSandbox } from "../../src/operations/prepare-engine.ts";
import { SILENT_PROGRESS } from "../../src/operations/progress.ts";
import type { Workplace } from "../../src/operations/workplace.ts";

/** A machine without the store, and without what builds it. */
const home = mkdtempSync(join(tmpdir(), "sc-sandbox-needs-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const machine: Machine = {
  ...{ env: { PATH: home }, home },
  ...{ node: process.execPath, platform: process.platform },
};
const workplace: Workplace = {
  ...{ cwd: home, env: {}, signal: new AbortController().signal },
  progress: SILENT_PROGRESS,
};

const LOWERED: Lowered = {
  ...{ provider: "elsewhere", resources: [], artifacts: [], permissions: [], prices: [] },
  outputs: {},
};
const prepare = (lowered: Partial<Lowered>) =>
  prepareSandbox(workplace, machine, [LOWERED, { ...LOWERED, ...lowered }]);

describe("what the sandbox needs besides itself", () => {
  test("is the object store when a vendor says so, whatever its resources are called", async () => {
    expect(await prepare({ sandboxNeeds: ["object-store"] })).toMatchObject({
      ok: false,
      failure: { code: "store-build-failed" },
    });
  });

  test("is nothing when no vendor says so, whatever its resources look like", async () => {
    const image = {
      name: "store",
      origin: undefined,
      type: "docker_image",
      args: { name: "versity/versitygw:v1.8.0" },
    };
    expect(await prepare({ resources: [image] })).toBeUndefined();
    expect(await prepare({ sandboxNeeds: [] })).toBeUndefined();
  });
});
