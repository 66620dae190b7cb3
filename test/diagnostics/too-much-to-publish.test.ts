import { mkdirSync, mkdtempSync, realpathSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createArtifactBuilder } from "../../src/compiler/4-emit/build-artifacts.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";

let project = "";
beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), "supercargo-publish-")));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

test("a folder of more bytes than fit in memory is refused with SC8005 before it is read", async () => {
  mkdirSync(join(project, "public"));
  for (let i = 0; i < 21; i++) {
    const path = join(project, "public", `film-${i}.mp4`);
    writeFileSync(path, "");
    truncateSync(path, 25 * 1024 * 1024);
  }
  const diagnostics: Diagnostic[] = [];
  const builder = createArtifactBuilder({ path: project, shown: "project" });
  const start = { line: 1, column: 1 };
  const built = await builder(
    [{ kind: "directory", name: "docs", source: "public" }],
    () => ({ file: "supercargo.yaml", path: "resources.docs", range: { start, end: start } }),
    { report: (diagnostic) => void diagnostics.push(diagnostic) },
  );
  expect(built).toBeUndefined();
  expect(diagnostics.map(({ code }) => code)).toEqual(["SC8005"]);
});
