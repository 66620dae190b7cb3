import type { Json } from "../../util/canonical-json.ts";
import { parseCron } from "../data-plane/cron-expression.ts";
import { guessContentType } from "../data-plane/guess-content-type.ts";
import type {
  PlaneAsset,
  PlaneAssets,
  PlaneBinding,
  PlaneModule,
  PlaneWorker,
} from "../data-plane/plan.ts";
import type { Api } from "./api.ts";
import { type Body, text } from "./body-fields.ts";
import type { BucketRecord } from "./storage-records.ts";
import type { AssetsRecord, ModuleRecord, ScriptContent, ScriptRecord } from "./worker-records.ts";

/** A script's name in the data plane. */
export function workerPlaneId({
  accountId,
  name,
}: Pick<ScriptRecord, "accountId" | "name">): string {
  return `${accountId}.${name}`;
}

/** A bucket's name in the data plane: bucket names are unique in an account only. */
export function bucketPlaneId({
  accountId,
  name,
}: Pick<BucketRecord, "accountId" | "name">): string {
  return `${accountId}.${name}`;
}

/** A script as the data plane runs it. What a binding names may be gone by now; then it is left out. */
export function describeWorker(
  api: Api,
  script: Pick<ScriptRecord, "accountId" | "name"> & Partial<Pick<ScriptRecord, "schedules">>,
  content: ScriptContent,
): PlaneWorker {
  const assets =
    content.assets === undefined
      ? undefined
      : describeAssets(api, script.accountId, content.assets);
  return {
    id: workerPlaneId(script),
    hasCode: content.modules.length > 0,
    format: content.format,
    modules: content.modules.map((module) => describeModule(api, module)),
    compatibilityDate: content.runDate,
    compatibilityFlags: content.compatibilityFlags,
    bindings: content.bindings.flatMap((binding) =>
      describeBinding(api, script.accountId, content, binding),
    ),
    assets,
    crons: (script.schedules ?? []).flatMap(({ cron }) => {
      const expression = parseCron(cron);
      return expression === undefined ? [] : [{ text: cron, expression }];
    }),
  };
}

const MODULE_TYPES: Readonly<Record<string, PlaneModule["type"]>> = {
  "application/javascript+module": "esm",
  "text/javascript+module": "esm",
  "application/javascript": "commonjs",
  "application/node": "commonjs",
  "text/javascript": "commonjs",
  "application/json": "json",
  "application/wasm": "wasm",
  "application/octet-stream": "data",
  "text/plain": "text",
  "text/html": "text",
};

function describeModule(api: Api, { name, contentType, blob }: ModuleRecord): PlaneModule {
  const type = MODULE_TYPES[contentType.split(";")[0]?.trim() ?? ""] ?? "data";
  return { name, type, file: api.blobs.path(blob) };
}

function describeBinding(
  api: Api,
  accountId: string,
  content: ScriptContent,
  binding: Body,
): readonly PlaneBinding[] {
  const { records, context } = api;
  const name = text(binding, "name") ?? "";
  const has = (member: string) => text(binding, member) ?? "";
  switch (binding.type) {
    case "plain_text":
      return [{ kind: "text", name, text: has("text") }];
    case "secret_text": {
      const sealed = content.secrets[name];
      return sealed === undefined ? [] : [{ kind: "text", name, text: context.unseal(sealed) }];
    }
    case "json":
      return [{ kind: "json", name, json: binding.json as Json }];
    case "d1": {
      const id = has("id") || has("database_id");
      return records.databases.get(id) ? [{ kind: "database", name, id }] : [];
    }
    case "r2_bucket": {
      const bucket = records.buckets.get(`${accountId}/${has("bucket_name")}`);
      return bucket ? [{ kind: "bucket", name, id: bucketPlaneId(bucket) }] : [];
    }
    case "kv_namespace":
      return records.namespaces.get(has("namespace_id"))
        ? [{ kind: "namespace", name, id: has("namespace_id") }]
        : [];
    case "queue":
      return records.queues
        .list()
        .filter((queue) => queue.accountId === accountId && queue.name === has("queue_name"))
        .map(({ id }): PlaneBinding => ({ kind: "queue", name, id }));
    case "service": {
      const worker = workerPlaneId({ accountId, name: has("service") });
      return [{ kind: "service", name, worker, entrypoint: text(binding, "entrypoint") }];
    }
    case "assets":
      return [{ kind: "assets", name }];
    default:
      return [];
  }
}

const HTML_HANDLINGS = [
  "auto-trailing-slash",
  "force-trailing-slash",
  "drop-trailing-slash",
  "none",
] as const;
const NOT_FOUND_HANDLINGS = ["none", "404-page", "single-page-application"] as const;

function describeAssets(api: Api, accountId: string, { files, config }: AssetsRecord): PlaneAssets {
  const described: Record<string, PlaneAsset> = {};
  for (const [path, hash] of Object.entries(files)) {
    const asset = api.records.assets.get(`${accountId}/${hash}`);
    if (asset === undefined) continue;
    const contentType = asset.contentType ?? guessContentType(path);
    described[path] = { file: api.blobs.path(asset.blob), contentType, etag: hash };
  }
  const first = config.run_worker_first;
  return {
    files: described,
    htmlHandling:
      HTML_HANDLINGS.find((one) => one === config.html_handling) ?? "auto-trailing-slash",
    notFoundHandling:
      NOT_FOUND_HANDLINGS.find((one) => one === config.not_found_handling) ?? "none",
    workerFirst: Array.isArray(first)
      ? first.filter((one) => typeof one === "string")
      : first === true,
  };
}
