import { readFileSync } from "node:fs";
import type { MiniflareOptions, ModuleDefinition, WorkerOptions } from "miniflare";
import { FRONT_WORKER, SERVICE_PREFIX } from "./front-worker.ts";
import type { PlaneBinding, PlaneModule, PlanePlan, PlaneWorker } from "./plan.ts";
import { QUEUE_PRODUCER, QUEUE_PRODUCER_WORKER } from "./queue-producer-worker.ts";
import { serveAsset } from "./serve-asset.ts";

/** Name of the Worker that hands requests on and holds the storage bindings. */
export const FRONT = "front";

/** Date of our own Workers, which need nothing newer. */
const OWN_DATE = "2026-01-01";

type Handler = (request: Request) => Promise<Response>;

/** What the Workers call in this process. */
export interface PlaneHooks {
  /** Answers {@link QUEUE_PRODUCER_WORKER}. */
  readonly queue: Handler;
}

/** Binding names by which the front reaches storage. */
export const storageBinding = {
  database: (id: string) => `d1:${id}`,
  bucket: (id: string) => `r2:${id}`,
  namespace: (id: string) => `kv:${id}`,
};

/** The Workers of an instance: the front, the producer behind queue bindings, and what is deployed. */
export function buildWorkers(plan: PlanePlan, hooks: PlaneHooks): WorkerOptions[] {
  const present = new Set(plan.workers.map((worker) => worker.id));
  const byId = (ids: readonly string[], name: (id: string) => string) =>
    Object.fromEntries(ids.map((id) => [name(id), id]));
  const front = {
    name: FRONT,
    modules: true,
    script: FRONT_WORKER,
    compatibilityDate: OWN_DATE,
    d1Databases: byId(plan.databases, storageBinding.database),
    r2Buckets: byId(plan.buckets, storageBinding.bucket),
    kvNamespaces: byId(plan.namespaces, storageBinding.namespace),
    serviceBindings: Object.fromEntries([...present].map((id) => [`${SERVICE_PREFIX}${id}`, id])),
  };
  return [
    front,
    buildProducer(hooks),
    ...plan.workers.map((worker) => buildWorker(worker, present)),
  ];
}

/** The Worker behind queue bindings; every list with a Worker that has one must hold it. */
export function buildProducer(hooks: PlaneHooks): WorkerOptions {
  return {
    name: QUEUE_PRODUCER,
    modules: true,
    script: QUEUE_PRODUCER_WORKER,
    serviceBindings: { BROKER: asHook(hooks.queue) },
  };
}

/** One deployed Worker; service bindings to Workers that are not in `present` are left out. */
export function buildWorker(worker: PlaneWorker, present: ReadonlySet<string>): WorkerOptions {
  const bindings = worker.bindings;
  return {
    name: worker.id,
    ...buildCode(worker),
    compatibilityDate: worker.compatibilityDate,
    compatibilityFlags: [...worker.compatibilityFlags],
    bindings: collect(bindings, (binding) => {
      if (binding.kind === "text") return binding.text;
      // miniflare's JSON type is writable, ours is not.
      return binding.kind === "json" ? (structuredClone(binding.json) as never) : undefined;
    }),
    d1Databases: collect(bindings, (binding) => pickId(binding, "database")),
    r2Buckets: collect(bindings, (binding) => pickId(binding, "bucket")),
    kvNamespaces: collect(bindings, (binding) => pickId(binding, "namespace")),
    wrappedBindings: collect(bindings, (binding) =>
      binding.kind === "queue"
        ? { scriptName: QUEUE_PRODUCER, bindings: { QUEUE_ID: binding.id } }
        : undefined,
    ),
    serviceBindings: collect(bindings, (binding) => buildService(binding, worker, present)),
  };
}

function buildService(binding: PlaneBinding, worker: PlaneWorker, present: ReadonlySet<string>) {
  const { assets } = worker;
  if (binding.kind === "assets" && assets !== undefined)
    return asHook((request) => serveAsset(assets, request));
  if (binding.kind !== "service" || !present.has(binding.worker)) return undefined;
  return binding.entrypoint === undefined
    ? binding.worker
    : { name: binding.worker, entrypoint: binding.entrypoint };
}

/** Node's Request and Response serve where miniflare names its own copies of them. */
function asHook(handler: Handler): never {
  return handler as never;
}

function pickId(binding: PlaneBinding, kind: "database" | "bucket" | "namespace") {
  return binding.kind === kind ? binding.id : undefined;
}

function collect<T>(
  bindings: readonly PlaneBinding[],
  pick: (binding: PlaneBinding) => T | undefined,
): Record<string, T> {
  const picked: Record<string, T> = {};
  for (const binding of bindings) {
    const value = pick(binding);
    if (value !== undefined) picked[binding.name] = value;
  }
  return picked;
}

function buildCode(worker: PlaneWorker) {
  const [entry] = worker.modules;
  if (entry === undefined)
    return {
      modules: true as const,
      script: "export default { fetch: () => new Response('Not Found', { status: 404 }) };",
    };
  if (worker.format === "script") return { script: readFileSync(entry.file, "utf8") };
  return { modulesRoot: "/", modules: worker.modules.map(buildModule) };
}

const MODULE_TYPES = {
  esm: "ESModule",
  commonjs: "CommonJS",
  text: "Text",
  data: "Data",
  wasm: "CompiledWasm",
} as const;

/** A module as miniflare takes it, its name relative to the root folder. */
export function buildModule(module: PlaneModule): ModuleDefinition {
  const path = `/${module.name}`;
  const bytes = readFileSync(module.file);
  if (module.type === "json")
    return { type: "ESModule", path, contents: `export default ${bytes.toString("utf8")};` };
  const isBinary = module.type === "data" || module.type === "wasm";
  const contents = isBinary ? new Uint8Array(bytes) : bytes.toString("utf8");
  return { type: MODULE_TYPES[module.type], path, contents };
}

/** Settings of every instance: loopback, nothing fetched from the network, no telemetry. */
export function buildShared(
  workers: WorkerOptions[],
  env: Readonly<Record<string, string>>,
): MiniflareOptions {
  return {
    workers,
    host: "127.0.0.1",
    port: 0,
    // A given object keeps miniflare from asking Cloudflare for one.
    cf: { colo: "SBX", country: "XX", httpProtocol: "HTTP/1.1", timezone: "UTC" },
    telemetry: { enabled: false },
    unsafeRuntimeEnv: { ...env },
  };
}
