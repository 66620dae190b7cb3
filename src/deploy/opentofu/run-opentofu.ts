import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { emitStateReader } from "../../compiler/4-emit/opentofu/emit-state-reader.ts";
import { OPENTOFU_FILE } from "../../compiler/4-emit/opentofu/opentofu-file.ts";
import { nameOfLabel } from "../../compiler/4-emit/opentofu/resource-label.ts";
import type { Json } from "../../util/canonical-json.ts";
import { listAt, memberAt } from "../../util/json-access.ts";
import { sha256 } from "../../util/sha256.ts";
import { endOrphans } from "../end-orphans.ts";
import type { EngineDriver, StackContent } from "../engine-driver.ts";
import { engineError } from "../engine-error.ts";
import type { EngineStep } from "../engine-step.ts";
import { withPrivateFolder } from "../private-folder.ts";
import { readEngineFailure } from "../read-engine-failure.ts";
import type { EngineJob, EngineResult, EngineRun } from "../run-engine.ts";
import { addUnfinished, listUnfinished, settleUnfinished } from "../unfinished-creates.ts";
import { writeProgram } from "../write-program.ts";
import { configurationFolder, opentofuStampFile, opentofuStateFile } from "./opentofu-folders.ts";
import { readDiagnostic, readMessage } from "./read-message.ts";
import { type ReadPlan, readOutput, readPlan } from "./read-plan.ts";
import { type OpentofuExit, spawnOpentofu } from "./spawn-opentofu.ts";
import { watchCreates } from "./watch-creates.ts";
import { writeMirror } from "./write-mirror.ts";
import { UNFINISHED_FILE, writeUnfinished } from "./write-unfinished.ts";

/** Observes nothing by itself: what is observed is asked for, as the other engine does it. */
const PLAN = ["plan", "-json", "-refresh=false", "-lock-timeout=5s"] as const;

/** OpenTofu's acts on a stack. */
export const opentofuDriver: EngineDriver = {
  ensureStack,
  previewStack,
  upStack: (run) => planAndApply(run, []),
  destroyStack: (run) => planAndApply(run, ["-destroy"]),
  refreshLeases,
  isInterrupted: (place) => listUnfinished(place).length > 0,
  readStack,
};

/** Makes OpenTofu ready in the run's folder, and lets it check a configuration that is new. */
async function ensureStack(run: EngineRun): Promise<EngineResult<{ readonly created: boolean }>> {
  const { place, machine } = run;
  const created = !existsSync(opentofuStateFile(place));
  await endOrphans(place);
  const initialised = await spawnOpentofu({ ...run, args: ["init", "-no-color"] });
  if (initialised.exitCode !== 0) return refuse(initialised);
  const configuration = readFileSync(join(configurationFolder(run), "main.tf.json"), "utf8");
  const stamp = sha256(`${run.engine.version} ${writeMirror(machine).key} ${configuration}`);
  const stampFile = opentofuStampFile(place);
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp)
    return { ok: true, created };
  const validated = await spawnOpentofu({ ...run, args: ["validate", "-json"] });
  const problems = (listAt(parse(validated), "diagnostics") ?? []).map(readDiagnostic);
  if (validated.exitCode !== 0) {
    const detail = String(problems.length);
    return {
      ok: false,
      error: engineError("configuration-refused", { detail: `${detail} errors` }),
      steps: [],
    };
  }
  mkdirSync(dirname(stampFile), { recursive: true, mode: 0o700 });
  writeFileSync(stampFile, stamp);
  return { ok: true, created };
}

/** Says what an apply would do; changes nothing, needs neither broker nor provider. */
async function previewStack(run: EngineRun): Promise<EngineResult> {
  const begun = performance.now();
  await endOrphans(run.place);
  const plan = await makePlan(run, []);
  if ("error" in plan) return plan;
  return { ok: true, ...plan, ...timeSince(begun), unfinished: listUnfinished(run.place) };
}

/**
 * Applies the very plan that it made, step by step. What it is about to create is written down before, because the state does not hold what a
 * killed run made last: our own resources may be created again, as the broker does each act once, and the stand-in takes over a native one.
 */
async function planAndApply(run: EngineRun, options: readonly string[]): Promise<EngineResult> {
  const { place } = run;
  const begun = performance.now();
  await endOrphans(place);
  const plan = await makePlan(run, options);
  if ("error" in plan) return plan;
  const byUrn = new Map(plan.steps.map((step) => [step.urn, step]));
  const creates = plan.steps.filter(({ operation }) => operation === "create");
  const before = listUnfinished(place);
  const repeated = creates.filter(({ urn }) => before.includes(urn));
  addUnfinished(
    place,
    creates.map(({ urn }) => urn),
  );
  const errors: { urn: string | undefined; text: string }[] = [];
  const watch = watchCreates();
  let outputs: Readonly<Record<string, Json>> = plan.outputs;
  const onLine = (line: string): void => {
    const message = readMessage(line);
    if (message?.kind === "error") errors.push(message);
    if (message?.kind === "outputs") outputs = message.outputs;
    if (message === undefined || message.kind === "outputs") return;
    watch.note(message);
    if (message.kind === "resource") tell(run, message.phase, byUrn.get(message.urn));
  };
  // A domain that is left where it is would make a destroy that did all it should fail.
  const args = ["apply", "-json", "-lock-timeout=5s", "-suppress-forget-errors", planFile(run)];
  const env = { ...run.env, [UNFINISHED_FILE]: writeUnfinished(run, repeated) };
  const exit = await spawnOpentofu({ ...run, env, args }, onLine);
  rmSync(planFile(run), { force: true });
  if (exit.exitCode === 0) settleUnfinished(place, listUnfinished(place));
  // It ended by itself, so it made nothing but what it said: somebody else's of the same name must not be taken for ours.
  else if (exit.exitCode !== null)
    settleUnfinished(
      place,
      listUnfinished(place).filter(
        (urn) => watch.made.has(urn) || !(before.includes(urn) || watch.open.has(urn)),
      ),
    );
  else settleUnfinished(place, [...watch.made]);
  if (exit.exitCode !== 0)
    return { ok: false, error: readEngineFailure({ ...exit, errors }), steps: plan.steps };
  return { ok: true, steps: plan.steps, outputs, ...timeSince(begun), unfinished: [] };
}

/** Observes some of our own resources and writes into the state what is there. */
async function refreshLeases(run: EngineRun, names: readonly string[]): Promise<EngineResult> {
  const begun = performance.now();
  await endOrphans(run.place);
  const listed = await spawnOpentofu({ ...run, args: ["state", "list"] });
  if (listed.exitCode !== 0) return refuse(listed);
  const addresses = listed.lines.filter((address) => {
    const [type = "", label = ""] = address.split(".");
    return type.startsWith("supercargo_") && names.includes(nameOfLabel(label));
  });
  const targets = addresses.map((address) => `-target=${address}`);
  if (targets.length > 0) {
    const args = ["apply", "-refresh-only", "-auto-approve", "-json", ...targets];
    const exit = await spawnOpentofu({ ...run, args });
    if (exit.exitCode !== 0) return refuse(exit);
  }
  return { ok: true, steps: [], outputs: {}, ...timeSince(begun), unfinished: [] };
}

/** What the state holds, secrets included: it stays in this process. Needs nothing of the stack's program. */
async function readStack(job: EngineJob): Promise<StackContent | "absent" | "unreadable"> {
  const { place } = job;
  if (!existsSync(opentofuStateFile(place))) return "absent";
  return withPrivateFolder(place.root, async (base) => {
    const text = emitStateReader(place, writeMirror(job.machine).packages);
    const files = new Map([[OPENTOFU_FILE, new TextEncoder().encode(text)]]);
    const run: EngineRun = { ...job, folder: writeProgram(base, place, files) };
    const initialised = await spawnOpentofu({ ...run, args: ["init", "-no-color"] });
    if (initialised.exitCode !== 0) return "unreadable";
    const shown = await spawnOpentofu({ ...run, args: ["show", "-json"] });
    return shown.exitCode === 0 ? describeContent(parse(shown)) : "unreadable";
  });
}

function describeContent(shown: unknown): StackContent {
  const values = memberAt(shown, "values");
  const resources = listAt(memberAt(values, "root_module"), "resources") ?? [];
  const outputs = Object.entries((memberAt(values, "outputs") ?? {}) as Record<string, Json>);
  return {
    resources: resources.map((resource) => {
      const type = String(memberAt(resource, "type"));
      const name = nameOfLabel(String(memberAt(resource, "name")));
      const found = memberAt(resource, "values") as Readonly<Record<string, unknown>>;
      return { urn: `${type}::${name}`, type, name, values: found };
    }),
    outputs: Object.fromEntries(outputs.map(readOutput)),
  };
}

type FailedResult = EngineResult & { readonly ok: false };

async function makePlan(
  run: EngineRun,
  options: readonly string[],
): Promise<ReadPlan | FailedResult> {
  const file = planFile(run);
  const args = [...PLAN, ...options, `-out=${file}`];
  const planned = await spawnOpentofu({ ...run, args });
  if (planned.exitCode !== 0) return refuse(planned);
  const shown = await spawnOpentofu({ ...run, args: ["show", "-json", file] });
  if (shown.exitCode !== 0) return refuse(shown);
  const plan = readPlan(parse(shown));
  return plan ?? { ok: false, error: engineError("plan-unreadable"), steps: [] };
}

/** Encrypted, as the configuration says. */
function planFile(run: EngineRun): string {
  return join(configurationFolder(run), ".terraform", "plan");
}

function refuse(exit: OpentofuExit): FailedResult {
  const errors = exit.lines.flatMap((line) => {
    const message = readMessage(line);
    return message?.kind === "error" ? [message] : [];
  });
  return { ok: false, error: readEngineFailure({ ...exit, errors }), steps: [] };
}

function tell(run: EngineRun, phase: "begins" | "ends" | "fails", step?: EngineStep): void {
  if (step !== undefined) run.onProgress?.({ phase, step });
}

function timeSince(begun: number): { readonly seconds: number } {
  return { seconds: Math.round((performance.now() - begun) / 1000) };
}

function parse({ lines }: OpentofuExit): unknown {
  try {
    return JSON.parse(lines.join("\n"));
  } catch {
    return undefined;
  }
}
