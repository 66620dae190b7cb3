import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BIOME = join(import.meta.dirname, "../../node_modules/.bin/biome");

/** As Biome prints our own sources, but keys that are data stay quoted (see the printer). */
const CONFIG = {
  formatter: { indentStyle: "space", indentWidth: 2, lineWidth: 100 },
  javascript: { formatter: { quoteProperties: "preserve" } },
  json: { formatter: { enabled: false } },
};

/** What Biome would change in the programs; empty when nothing. */
export function findFormatChanges(programs: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "supercargo-format-"));
  try {
    writeFileSync(join(folder, "biome.json"), JSON.stringify(CONFIG));
    programs.forEach((program, i) => {
      writeFileSync(join(folder, `${i}.ts`), program);
    });
    const { status, stdout, stderr } = spawnSync(BIOME, ["format", "."], {
      cwd: folder,
      encoding: "utf8",
    });
    return status === 0 ? "" : stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
