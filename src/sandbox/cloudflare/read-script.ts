import { sha256 } from "../../util/sha256.ts";
import { clampCompatibilityDate } from "../data-plane/clamp-compatibility-date.ts";
import type { Api } from "./api.ts";
import { readCompletion } from "./asset-token.ts";
import { flag, list, object, text, texts } from "./body-fields.ts";
import { describeWorker } from "./describe-worker.ts";
import type { EnvelopeMessage } from "./envelope.ts";
import { INVALID_SCRIPT, type Refusal, readBindings } from "./read-bindings.ts";
import type { Upload } from "./read-upload.ts";
import type { AssetsRecord, ScriptContent, ScriptRecord } from "./worker-records.ts";

/** An upload that may be deployed, with notes for whoever sent it. */
export interface ReadScript {
  readonly content: ScriptContent;
  readonly messages: readonly EnvelopeMessage[];
}

/** Date of a Worker that names none (Workers docs, "Compatibility dates"). */
const OLDEST_DATE = "2021-11-02";

/** Checks an upload, keeps its files and tries it in workerd. `earlier` is what is deployed under the name now. */
export async function readScript(
  api: Api,
  script: Pick<ScriptRecord, "accountId" | "name">,
  upload: Upload,
  earlier: ScriptContent | undefined,
): Promise<ReadScript | Refusal> {
  const { metadata } = upload;
  const bindings = readBindings(api, script.accountId, metadata, earlier);
  if ("code" in bindings) return bindings;
  const assets = readAssets(api, script.accountId, metadata, earlier);
  if (assets !== undefined && "code" in assets) return assets;
  const code = readCode(api, upload, assets !== undefined);
  if ("code" in code) return code;
  const date = await readDate(api, text(metadata, "compatibility_date"));
  if ("code" in date) return date;
  const draft: ScriptContent = {
    etag: sha256(code.modules.map(({ name, blob }) => `${name}\n${blob}\n`).join("")),
    ...code,
    ...bindings,
    compatibilityDate: text(metadata, "compatibility_date"),
    runDate: date.date,
    compatibilityFlags: texts(metadata, "compatibility_flags"),
    usageModel: text(metadata, "usage_model") ?? "standard",
    handlers: [],
    namedHandlers: [],
    assets,
  };
  if (draft.modules.length === 0) return { content: draft, messages: date.messages };
  const inspection = await api.plane.inspect(describeWorker(api, script, draft));
  if (!inspection.ok) return { code: INVALID_SCRIPT, message: inspection.message };
  const { handlers, named: namedHandlers } = inspection;
  return { content: { ...draft, handlers, namedHandlers }, messages: date.messages };
}

function readCode(
  api: Api,
  upload: Upload,
  hasAssets: boolean,
): Pick<ScriptContent, "format" | "modules"> | Refusal {
  const entry = text(upload.metadata, "main_module") ?? text(upload.metadata, "body_part");
  const format = text(upload.metadata, "body_part") === undefined ? "modules" : "script";
  if (entry === undefined)
    return hasAssets
      ? { format: "modules", modules: [] }
      : { code: INVALID_SCRIPT, message: "metadata names no main_module, body_part or assets" };
  const names = upload.parts.map(({ name }) => name);
  if (!names.includes(entry))
    return { code: INVALID_SCRIPT, message: `there is no part named ${entry}` };
  const bad = names.find(
    (name) => name.split("/").includes("..") || name.startsWith("/") || /[^\x20-\x7e]/.test(name),
  );
  if (bad !== undefined)
    return { code: INVALID_SCRIPT, message: "a module has a name that is no relative path" };
  const parts = upload.parts.filter(
    ({ contentType }) => !contentType.startsWith("application/source-map"),
  );
  const ordered = [
    ...parts.filter(({ name }) => name === entry),
    ...parts.filter(({ name }) => name !== entry),
  ];
  const modules = ordered.map(({ name, contentType, bytes }) => ({
    name,
    contentType,
    blob: api.blobs.put(bytes),
  }));
  return { format, modules };
}

async function readDate(
  api: Api,
  asked: string | undefined,
): Promise<{ readonly date: string; readonly messages: readonly EnvelopeMessage[] } | Refusal> {
  if (asked === undefined) return { date: OLDEST_DATE, messages: [] };
  const latest = Math.max(api.context.now(), Date.now());
  if (!/^\d{4}-\d\d-\d\d$/.test(asked) || Number.isNaN(Date.parse(asked)))
    return { code: INVALID_SCRIPT, message: `compatibility date ${asked} is no date` };
  if (Date.parse(asked) > latest)
    return {
      code: INVALID_SCRIPT,
      message: `Can't set compatibility date in the future: ${asked}`,
    };
  const { date, isClamped } = clampCompatibilityDate(
    asked,
    await api.plane.newestCompatibilityDate(),
  );
  const message = `the sandbox's workerd knows compatibility dates up to ${date}; the Worker runs with that one`;
  return { date, messages: isClamped ? [{ code: INVALID_SCRIPT, message }] : [] };
}

/** `assets: {jwt?, config?}` with the completion token of an upload, or `keep_assets`. */
function readAssets(
  api: Api,
  accountId: string,
  metadata: Upload["metadata"],
  earlier: ScriptContent | undefined,
): AssetsRecord | Refusal | undefined {
  const assets = object(metadata, "assets");
  const config = object(assets, "config") ?? {};
  const token = text(assets, "jwt");
  if (token !== undefined) {
    const files = readCompletion(api, accountId, token);
    return files === undefined
      ? { code: 10064, message: "the assets' completion token is not valid" }
      : { files, config };
  }
  const isKept =
    flag(metadata, "keep_assets") === true || list(metadata, "keep_bindings").includes("assets");
  if ((isKept || assets !== undefined) && earlier?.assets !== undefined)
    return {
      files: earlier.assets.files,
      config: assets === undefined ? earlier.assets.config : config,
    };
  return assets === undefined
    ? undefined
    : { code: 10064, message: "assets without a completion token" };
}
