import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { CLI } from "./cli-command.ts";
import { findBenchEngine } from "./find-bench-engine.ts";
import { measureCommands } from "./measure-command.ts";
import { printTable } from "./print-table.ts";

const ROOT = join(import.meta.dirname, "..");

/** `supercargo preview` (compile, engine, review) beside bare `pulumi preview` of the very same stack. */
export async function benchPreview(scratch: string): Promise<void> {
  const bin = await findBenchEngine();
  const project = join(scratch, "preview");
  mkdirSync(project, { recursive: true });
  cpSync(join(ROOT, "templates/storefront"), project, { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(project, "node_modules"));
  const stack = join(project, "stacks/storefront");
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH ?? ""}` };
  const timings = measureCommands(
    [
      { label: "supercargo preview", argv: [...CLI, "preview"], cwd: project },
      {
        label: "pulumi preview",
        argv: [join(bin, "pulumi"), "preview", "--stack", "local", "--non-interactive"],
        cwd: stack,
        env,
      },
    ],
    7,
  );
  printTable("preview of the storefront", timings, "pulumi preview");
}
