import { existsSync } from "node:fs";
import { join } from "node:path";
import type { EngineId } from "../compiler/vocabulary.ts";
import type { MachineCheck } from "../deploy/doctor.ts";
import { checkLedgers } from "./check-ledgers.ts";
import { MANIFEST_FILE } from "./find-project.ts";
import { type Outcome, type Refusal, refuse, succeed } from "./outcome.ts";
import { prepareCrossplane, prepareEngine } from "./prepare-engine.ts";
import { findRoot } from "./sandbox-home.ts";
import type { Workplace } from "./workplace.ts";

export interface MachineDiagnosis {
  readonly checks: readonly MachineCheck[];
}

/** What is fetched or built at the first need, so that its absence is no fault. */
const MADE_LATER: ReadonlySet<string> = new Set(["engine", "language host"]);

/**
 * Looks whether this machine can do everything. Fails when something is missing that does not come by itself. With `fix`, what comes by
 * itself (the engine) is fetched or built first; otherwise nothing is installed.
 */
export async function checkMachine(
  workplace: Workplace,
  { fix, engine = "pulumi" }: { readonly fix: boolean; readonly engine?: EngineId | undefined },
): Promise<Outcome<MachineDiagnosis>> {
  const root = findRoot(workplace.cwd);
  // Anybody may ask in any folder, but only one with a manifest is a project.
  const projects = existsSync(join(root, MANIFEST_FILE)) ? [root] : [];
  const refused = fix ? await makeReady(workplace, engine, projects) : undefined;
  if (refused !== undefined) return refused;
  const [{ diagnoseMachine }, { findUnsafeSwitches }, { thisMachine }] = await Promise.all([
    import("../deploy/doctor.ts"),
    import("../deploy/engine-environment.ts"),
    import("../deploy/this-machine.ts"),
  ]);
  const machine = thisMachine({ env: workplace.env, projects });
  workplace.progress.step("looking at this machine");
  const switches = findUnsafeSwitches(machine.env);
  const checks: readonly MachineCheck[] = [
    ...(await diagnoseMachine(machine, root)),
    ...(await checkLedgers(workplace, root)),
    {
      name: "environment",
      ok: switches.length === 0,
      found: switches.length === 0 ? "no unsafe switch" : `unsafe: ${switches.join(", ")}`,
      remedy: switches.length === 0 ? undefined : `Unset ${switches.join(" and ")}.`,
    },
  ];
  const missing = checks.filter(({ ok }) => !ok);
  const bad = missing.filter(({ name }) => !MADE_LATER.has(name));
  const [first] = bad;
  if (first === undefined) {
    const warnings = missing.map(({ name, found, remedy }) => `${name}: ${found}. ${remedy ?? ""}`);
    return succeed({ checks }, { warnings });
  }
  return refuse(
    {
      kind: "remote",
      code: "machine-not-ready",
      message: `${first.name}: ${first.found}`,
      remedy: first.remedy,
      details: {
        checks: checks.map(({ name, ok, found, remedy }) => ({
          name,
          ok,
          found,
          remedy: remedy ?? null,
        })),
      },
    },
    { warnings: bad.slice(1).map(({ name, found }) => `${name}: ${found}`) },
  );
}

/** Of Crossplane, which is not run here, what reads its stacks. */
async function makeReady(
  workplace: Workplace,
  engine: EngineId,
  projects: readonly string[],
): Promise<Refusal | undefined> {
  if (engine === "crossplane") return prepareCrossplane(workplace, projects);
  const prepared = await prepareEngine(workplace, engine, projects);
  return "ok" in prepared ? prepared : undefined;
}
