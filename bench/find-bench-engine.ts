import { join } from "node:path";
import { ensureEngine } from "../src/deploy/install-engine.ts";
import { builtEngineFolder } from "../src/deploy/machine-folders.ts";
import { thisMachine } from "../src/deploy/this-machine.ts";

/** The folder with the `pulumi` command that a person puts on the PATH; built when there is none yet. Throws when it can't be had. */
export async function findBenchEngine(): Promise<string> {
  const machine = thisMachine();
  const found = await ensureEngine(machine, {});
  if (!found.ok) throw new Error("the bench needs the Pulumi engine: see `npx supercargo doctor`");
  const { engine } = found;
  return engine.source === "built"
    ? join(builtEngineFolder(machine), "bin")
    : join(engine.command, "..");
}
