import type { Readable } from "node:stream";
import type { ModuleDefinition, WorkerOptions } from "miniflare";
import { buildModule, buildProducer, buildShared, buildWorker } from "./build-options.ts";
import { explainFailure } from "./explain-failure.ts";
import type { PlaneWorker } from "./plan.ts";
import { createPlaneLog } from "./plane-log.ts";

/** Whether workerd takes a Worker, and which handlers its default export has. */
export type ScriptInspection =
  | { readonly ok: true; readonly handlers: readonly string[]; readonly named: readonly string[] }
  | { readonly ok: false; readonly message: string };

const INSPECTOR = "supercargo-inspector.js";

/**
 * Starts a Worker alone in a workerd of its own with empty storage, so that code which does not parse or throws at the start is refused at upload and cannot
 * take down what is deployed. Costs about 300 ms.
 */
export async function inspectScript(worker: PlaneWorker): Promise<ScriptInspection> {
  const { Miniflare, Log, LogLevel } = await import("miniflare");
  const options = buildShared(buildInspected(worker), {});
  const log = createPlaneLog(Log, LogLevel.NONE, () => {});
  const handleRuntimeStdio = (...streams: readonly Readable[]) => {
    for (const stream of streams) stream.resume();
  };
  const miniflare = new Miniflare({ ...options, log, handleRuntimeStdio });
  try {
    await miniflare.ready;
    if (worker.format === "script") return { ok: true, handlers: ["fetch"], named: [] };
    const response = await miniflare.dispatchFetch("http://inspector/");
    const { handlers, named } = (await response.json()) as Record<string, string[]>;
    return { ok: true, handlers: handlers ?? [], named: named ?? [] };
  } catch (error) {
    return { ok: false, message: explainFailure(error) };
  } finally {
    await miniflare.dispose().catch(() => {});
  }
}

function buildInspected(worker: PlaneWorker): WorkerOptions[] {
  const options = buildWorker(
    { ...worker, bindings: worker.bindings.filter((binding) => binding.kind !== "service") },
    new Set(),
  );
  const answer = async () => new Response("{}");
  const producer = buildProducer({ queue: answer });
  if (worker.format === "script") return [options, producer];
  const modules = [buildInspector(worker), ...worker.modules.map(buildModule)];
  return [{ ...options, modulesRoot: "/", modules } as WorkerOptions, producer];
}

/** An entry module that imports the Worker's own and tells what it exports. */
function buildInspector(worker: PlaneWorker): ModuleDefinition {
  const entry = JSON.stringify(`./${worker.modules[0]?.name ?? ""}`);
  const contents = `
import * as exported from ${entry};
export * from ${entry};
const main = exported.default;
const source = typeof main === "function" ? main.prototype : main;
const handlers = ["fetch", "queue", "scheduled", "tail", "email"].filter((name) => source?.[name] !== undefined);
const named = Object.keys(exported).filter((name) => name !== "default");
export default { fetch: () => Response.json({ handlers, named }) };
`;
  return { type: "ESModule", path: `/${INSPECTOR}`, contents };
}
