import type { Json } from "../../../util/canonical-json.ts";
import type { Api } from "../api.ts";
import { flag, isBody, object, text, texts } from "../body-fields.ts";
import { fail, succeed, succeedPage } from "../envelope.ts";
import type { Call, Route } from "../route.ts";
import type { ScriptRecord } from "../worker-records.ts";
import { createScript, SCRIPTS_READ, SCRIPTS_WRITE } from "./script-routes.ts";
import { versionRoutes } from "./version-routes.ts";

const BASE = "/accounts/:account/workers/workers";

/** Gives a handler the Worker of the path, which is named by its id or its name. */
export type WithWorker = (
  work: (script: ScriptRecord, call: Call) => Response | Promise<Response>,
) => (call: Call) => Response | Promise<Response>;

/** Workers without code, which comes as versions (API docs, Workers, beta). A Worker and the script of its name are one thing. */
export function workerRoutes(api: Api): readonly Route[] {
  const { scripts } = api.records;
  const withWorker: WithWorker = (work) => (call) => {
    const wanted = call.params.worker;
    const script = scripts
      .list()
      .find(
        ({ accountId, tag, name }) =>
          accountId === call.accountId && (tag === wanted || name === wanted),
      );
    return script === undefined
      ? fail(404, 10007, "This Worker does not exist on your account.")
      : work(script, call);
  };
  const change = withWorker((script, { body }) => {
    const changed = { ...script, ...readSettings(body, script), modifiedOn: api.timestamp() };
    scripts.put(`${script.accountId}/${script.name}`, changed);
    return succeed(printWorker(api, changed));
  });
  const one = `${BASE}/:worker`;
  return [
    {
      method: "GET",
      path: BASE,
      needs: SCRIPTS_READ,
      handle: ({ accountId, url }) =>
        succeedPage(
          url,
          scripts
            .list()
            .filter((script) => script.accountId === accountId)
            .map((script) => printWorker(api, script)),
        ),
    },
    { method: "POST", path: BASE, needs: SCRIPTS_WRITE, handle: (call) => create(api, call) },
    {
      method: "GET",
      path: one,
      needs: SCRIPTS_READ,
      handle: withWorker((script) => succeed(printWorker(api, script))),
    },
    { method: "PUT", path: one, needs: SCRIPTS_WRITE, handle: change },
    { method: "PATCH", path: one, needs: SCRIPTS_WRITE, handle: change },
    {
      method: "DELETE",
      path: one,
      needs: SCRIPTS_WRITE,
      handle: withWorker((script) => {
        scripts.delete(`${script.accountId}/${script.name}`);
        return succeed(null);
      }),
    },
    ...versionRoutes(api, withWorker),
  ];
}

function create(api: Api, { accountId, body }: Call): Response {
  const { scripts } = api.records;
  const name = text(body, "name") ?? "";
  if (!/^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(name))
    return fail(400, 10016, "the Worker's name is not valid");
  if (scripts.get(`${accountId}/${name}`) !== undefined)
    return fail(409, 10040, "a Worker with this name already exists");
  const script = createScript(api, accountId, name);
  const record = { ...script, ...readSettings(body, script) };
  scripts.put(`${accountId}/${name}`, record);
  return succeed(printWorker(api, record));
}

function readSettings(body: unknown, before: ScriptRecord): Partial<ScriptRecord> {
  if (!isBody(body)) return {};
  const subdomain = object(body, "subdomain");
  const consumers = body.tail_consumers as Json | undefined;
  return {
    logpush: flag(body, "logpush") ?? before.logpush,
    tags: Array.isArray(body.tags) ? texts(body, "tags") : before.tags,
    tailConsumers: consumers ?? before.tailConsumers,
    observability: object(body, "observability") ?? before.observability,
    isOnSubdomain: flag(subdomain, "enabled") ?? before.isOnSubdomain,
    hasPreviews: flag(subdomain, "previews_enabled") ?? before.hasPreviews,
  };
}

/** Defaults of the Workers API, which the provider states on every request and wants back. */
const LOGS = {
  enabled: false,
  head_sampling_rate: 1,
  invocation_logs: true,
  persist: true,
  destinations: [],
};
const TRACES = { enabled: false, head_sampling_rate: 1, persist: true };

function printWorker(api: Api, script: ScriptRecord): object {
  const { observability } = script;
  const domains = api.records.customDomains
    .list()
    .filter(({ accountId, service }) => accountId === script.accountId && service === script.name);
  return {
    id: script.tag,
    name: script.name,
    created_on: script.createdOn,
    updated_on: script.modifiedOn,
    deployed_on: script.content === undefined ? null : script.modifiedOn,
    logpush: script.logpush,
    tags: script.tags,
    tail_consumers: script.tailConsumers ?? [],
    observability: {
      enabled: false,
      head_sampling_rate: 1,
      ...observability,
      logs: { ...LOGS, ...object(observability, "logs") },
      traces: { ...TRACES, ...object(observability, "traces") },
    },
    subdomain: { enabled: script.isOnSubdomain, previews_enabled: script.hasPreviews },
    references: {
      dispatch_namespace_outbounds: [],
      domains: domains.map(({ id, hostname }) => ({ id, hostname })),
      durable_objects: [],
      queues: [],
      workers: [],
    },
  };
}
