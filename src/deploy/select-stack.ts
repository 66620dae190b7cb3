import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine, Machine } from "./engine.ts";
import { pulumiHome } from "./machine-folders.ts";
import { spawnEngine } from "./spawn-engine.ts";
import type { StackPlace } from "./stack-place.ts";

/**
 * Lets a person run plain `pulumi preview` in the stack's folder, and at the root where a `Pulumi.yaml` stands there too: selects the stack in
 * folders that have no selection yet. A convenience: its failure is none of the run's.
 */
export async function selectStack(run: {
  readonly machine: Machine;
  readonly engine: Engine;
  readonly place: StackPlace;
}): Promise<void> {
  const { machine, place } = run;
  for (const folder of [place.folder, place.root]) {
    const project = join(folder, "Pulumi.yaml");
    if (!existsSync(project) || existsSync(selectionFile(machine, place, project))) continue;
    await spawnEngine({ ...run, folder, args: ["stack", "select", place.stack] });
  }
}

/** Where Pulumi keeps the selection of a project (pulumi `sdk/go/common/workspace/workspace.go`, settingsPath). */
function selectionFile(machine: Machine, { project }: StackPlace, file: string): string {
  const digest = createHash("sha1").update(file).digest("hex");
  return join(pulumiHome(machine), "workspaces", `${project}-${digest}-workspace.json`);
}
