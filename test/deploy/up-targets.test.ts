import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { upStack } from "../../src/deploy/run-engine.ts";
import { checkpointFile } from "../../src/deploy/stack-place.ts";
import { makeEngineProject } from "./engine-project.ts";

const URN = "urn:pulumi:local::shop::docker:index/container:Container::shop";
const project = makeEngineProject("shop");
const calls = join(project.place.root, "calls");
const command = join(project.place.root, "engine");
afterAll(() => project.remove());

/** An engine that writes down with what arguments it is started. */
const run = () =>
  project.run({
    ...{ id: "pulumi", command, version: "unknown", source: "given", folders: [] },
    cloudflarePlugin: "real",
  });
const written = (): readonly string[] =>
  existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : [];
const writeState = (pending: readonly object[]): void => {
  const file = checkpointFile(project.place);
  mkdirSync(dirname(file), { recursive: true });
  const latest = { resources: [], pending_operations: pending };
  writeFileSync(file, JSON.stringify({ version: 3, checkpoint: { latest } }));
};

describe("an up of a part of a stack", () => {
  beforeEach(() => {
    rmSync(calls, { force: true });
    writeFileSync(command, `#!/bin/sh\necho "$*" >> ${calls}\n`, { mode: 0o755 });
    writeState([]);
  });

  it("names to the engine what it may touch", async () => {
    expect(await upStack(run(), [URN])).toMatchObject({ ok: true });
    expect(written()).toEqual([expect.stringMatching(/^up .*--target urn:pulumi:\S+::shop /)]);
  });

  it("starts no engine when the part is empty", async () => {
    expect(await upStack(run(), [])).toMatchObject({ ok: true, steps: [] });
    expect(written()).toEqual([]);
  });

  it("takes out a crash's notes, and nothing else, when the part is empty", async () => {
    const resource = { urn: URN, type: "docker:index/container:Container" };
    writeState([{ type: "deleting", resource }]);
    expect(await upStack(run(), [])).toMatchObject({ ok: true, steps: [] });
    expect(written()).toEqual([expect.stringMatching(/^refresh .*--exclude \*\* /)]);
  });
});
