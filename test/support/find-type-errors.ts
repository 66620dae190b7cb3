import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** Errors in generated programs under our own flags, found by one run of the compiler in a folder that sees our packages as a stack's folder does. */
export function findTypeErrors(programs: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "supercargo-types-"));
  try {
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, "tsconfig.json"), "utf8"));
    const paths = {
      "supercargo/netlify": [join(ROOT, "src/resources/netlify/index.ts")],
      "supercargo/resources": [join(ROOT, "src/resources/index.ts")],
    };
    const config = { compilerOptions: { ...compilerOptions, paths }, include: ["*/index.ts"] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    programs.forEach((program, i) => {
      mkdirSync(join(folder, `${i}`));
      writeFileSync(join(folder, `${i}`, "index.ts"), program);
    });
    const { stdout } = spawnSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", folder], {
      encoding: "utf8",
    });
    // Those of our own sources, which the programs import, are found by the check of the whole.
    return stdout.split("\n").filter((line) => line.includes(basename(folder)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
