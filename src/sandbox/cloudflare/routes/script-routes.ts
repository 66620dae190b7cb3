import { readFileSync } from "node:fs";
import type { Json } from "../../../util/canonical-json.ts";
import type { Api } from "../api.ts";
import { flag, object, texts } from "../body-fields.ts";
import { fail, succeed } from "../envelope.ts";
import { printScript, printSettings } from "../print-script.ts";
import { readScript } from "../read-script.ts";
import { readUpload, type Upload } from "../read-upload.ts";
import type { Call, Route } from "../route.ts";
import type { ScriptRecord } from "../worker-records.ts";

/** Any of these reads scripts. */
export const SCRIPTS_READ = ["Workers Scripts Read", "Workers Scripts Write"] as const;
/** Changes scripts. */
export const SCRIPTS_WRITE = ["Workers Scripts Write"] as const;

const BASE = "/accounts/:account/workers/scripts";
const NAME = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** Gives a handler the script of the path, or answers that there is none. */
export function withScript(
  api: Api,
  work: (script: ScriptRecord, call: Call) => Response | Promise<Response>,
): (call: Call) => Response | Promise<Response> {
  return (call) => {
    const script = api.records.scripts.get(`${call.accountId}/${call.params.script}`);
    return script === undefined
      ? fail(404, 10007, "This Worker does not exist on your account.")
      : work(script, call);
  };
}

/** Workers scripts: upload, settings, content (API docs, Workers, Scripts). */
export function scriptRoutes(api: Api): readonly Route[] {
  const one = `${BASE}/:script`;
  const { scripts } = api.records;
  const content = withScript(api, (script) => answerContent(api, script));
  return [
    {
      method: "GET",
      path: BASE,
      needs: SCRIPTS_READ,
      handle: ({ accountId }) =>
        succeed(
          scripts
            .list()
            .filter((script) => script.accountId === accountId && script.content !== undefined)
            .map(printScript),
        ),
    },
    {
      method: "PUT",
      path: one,
      needs: SCRIPTS_WRITE,
      body: "raw",
      handle: (call) => upload(api, call),
    },
    { method: "GET", path: one, needs: SCRIPTS_READ, handle: content },
    { method: "GET", path: `${one}/content/v2`, needs: SCRIPTS_READ, handle: content },
    {
      method: "GET",
      path: `${one}/settings`,
      needs: SCRIPTS_READ,
      handle: withScript(api, (script) => succeed(printSettings(script))),
    },
    {
      method: "DELETE",
      path: one,
      needs: SCRIPTS_WRITE,
      handle: withScript(api, (script) => {
        scripts.delete(`${script.accountId}/${script.name}`);
        return succeed(null);
      }),
    },
    {
      method: "GET",
      path: "/accounts/:account/workers/services/:script",
      needs: SCRIPTS_READ,
      handle: withScript(api, (script) =>
        script.content === undefined
          ? fail(404, 10090, "workers.api.error.service_not_found")
          : succeed(printService(script)),
      ),
    },
  ];
}

async function upload(api: Api, { accountId, params, request }: Call): Promise<Response> {
  const name = params.script ?? "";
  if (!NAME.test(name)) return fail(400, 10016, "the script's name is not valid");
  const read = await readUpload(request);
  if (read === undefined) return fail(400, 10021, "the body is no multipart form with metadata");
  const earlier = api.records.scripts.get(`${accountId}/${name}`);
  const script = await readScript(api, { accountId, name }, read, earlier?.content);
  if ("code" in script) return fail(400, script.code, script.message);
  const record: ScriptRecord = {
    // Read anew: triggers may have changed while workerd tried the code.
    ...(api.records.scripts.get(`${accountId}/${name}`) ?? createScript(api, accountId, name)),
    ...readScriptSettings(read.metadata),
    content: script.content,
    modifiedOn: api.timestamp(),
  };
  api.records.scripts.put(`${accountId}/${name}`, record);
  return succeed(printScript(record), { messages: script.messages });
}

/** A script that has no code yet. */
export function createScript(api: Api, accountId: string, name: string): ScriptRecord {
  const now = api.timestamp();
  return {
    accountId,
    name,
    tag: api.newId(),
    createdOn: now,
    modifiedOn: now,
    logpush: false,
    tags: [],
    tailConsumers: null,
    isOnSubdomain: false,
    hasPreviews: false,
    schedules: [],
  };
}

function readScriptSettings(metadata: Upload["metadata"]) {
  return {
    logpush: flag(metadata, "logpush") ?? false,
    tags: texts(metadata, "tags"),
    tailConsumers: (metadata.tail_consumers as Json | undefined) ?? null,
    observability: object(metadata, "observability"),
    placement: object(metadata, "placement"),
  };
}

function printService(script: ScriptRecord): object {
  const times = { created_on: script.createdOn, modified_on: script.modifiedOn };
  return {
    id: script.name,
    default_environment: { environment: "production", ...times, script: printScript(script) },
    ...times,
    environments: [],
  };
}

/** One module as it is, several as a form, with the entry's name beside them. */
async function answerContent(api: Api, script: ScriptRecord): Promise<Response> {
  const modules = script.content?.modules ?? [];
  const [entry] = modules;
  if (entry === undefined) return fail(404, 10007, "This Worker has no code.");
  const read = (blob: string) => readFileSync(api.blobs.path(blob));
  const headers = { "cf-entrypoint": entry.name, etag: script.content?.etag ?? "" };
  if (modules.length === 1)
    return new Response(read(entry.blob), {
      headers: { ...headers, "content-type": entry.contentType },
    });
  const form = new FormData();
  for (const { name, contentType, blob } of modules)
    form.set(name, new File([read(blob)], name, { type: contentType }));
  return new Response(form, { headers });
}
