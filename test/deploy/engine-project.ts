import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine, Machine } from "../../src/deploy/engine.ts";
import { findEngine } from "../../src/deploy/find-engine.ts";
import { linkDependencies } from "../../src/deploy/link-dependencies.ts";
import type { EngineRun } from "../../src/deploy/run-engine.ts";
import type { StackPlace } from "../../src/deploy/stack-place.ts";
import { thisMachine } from "../../src/deploy/this-machine.ts";

/** A project with one stack in a folder of its own, outside the package. */
export interface EngineProject {
  readonly place: StackPlace;
  readonly machine: Machine;
  /** Replaces the stack's program. */
  write(program: string): void;
  /** What every act on the stack needs. */
  run(engine: Engine, env?: Readonly<Record<string, string>>): EngineRun;
  remove(): void;
}

/** The engine of this machine; says why tests are skipped when there is none. */
export async function engineForTests(): Promise<Engine | undefined> {
  const engine = await findEngine(thisMachine());
  if (engine === undefined) console.warn("skipped: no Pulumi engine on this machine");
  return engine;
}

/** Makes the project; its passphrase and caches are its own. */
export function makeEngineProject(project: string, stack = "local"): EngineProject {
  const root = mkdtempSync(join(tmpdir(), "supercargo-engine-"));
  const folder = join(root, "stacks", project);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    [
      `name: ${project}`,
      "runtime: { name: nodejs, options: { typescript: false } }",
      "main: index.ts",
      'backend: { url: "file://../../.supercargo/pulumi?create_dir=true" }',
      "stackConfigDir: ../../.supercargo/config",
      "",
    ].join("\n"),
  );
  linkDependencies(root, folder);
  const place = { root, folder, project, stack };
  const here = thisMachine();
  const env = { ...here.env, XDG_DATA_HOME: join(root, "data"), PULUMI_HOME: join(root, "pulumi") };
  const machine = { ...here, env };
  return {
    place,
    machine,
    write: (program) => writeFileSync(join(folder, "index.ts"), program),
    run: (engine, extra = {}) => ({ machine, engine, place, folder, env: extra }),
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}
