import { readFileSync } from "node:fs";
import type { Api } from "../api.ts";
import { isBody, list, number, object, text } from "../body-fields.ts";
import { fail, succeed, succeedPage } from "../envelope.ts";
import { readScript } from "../read-script.ts";
import type { UploadedPart } from "../read-upload.ts";
import type { Call, Route } from "../route.ts";
import type { DeploymentRecord, ScriptRecord, VersionRecord } from "../worker-records.ts";
import { SCRIPTS_READ, SCRIPTS_WRITE, withScript } from "./script-routes.ts";
import type { WithWorker } from "./worker-routes.ts";

const VERSIONS = "/accounts/:account/workers/workers/:worker/versions";
const DEPLOYMENTS = "/accounts/:account/workers/scripts/:script/deployments";

/** Versions of a Worker and what is deployed of them (API docs, Workers, Versions and Deployments). */
export function versionRoutes(api: Api, withWorker: WithWorker): readonly Route[] {
  const { versions, deployments } = api.records;
  const listDeployments = ({ accountId, name }: ScriptRecord) =>
    deployments
      .list()
      .filter((one) => one.accountId === accountId && one.scriptName === name)
      .reverse();
  return [
    {
      method: "GET",
      path: VERSIONS,
      needs: SCRIPTS_READ,
      handle: withWorker((script, { url }) => {
        const own = versions.list().filter(({ workerTag }) => workerTag === script.tag);
        return succeedPage(
          url,
          own.map((version) => printVersion(api, version, false)),
        );
      }),
    },
    {
      method: "POST",
      path: VERSIONS,
      needs: SCRIPTS_WRITE,
      handle: withWorker((script, { body }) => createVersion(api, script, body)),
    },
    {
      method: "GET",
      path: `${VERSIONS}/:version`,
      needs: SCRIPTS_READ,
      handle: withWorker((script, { params, url }) => {
        const version = versions.get(params.version ?? "");
        if (version?.workerTag !== script.tag)
          return fail(404, 10222, "the version does not exist");
        return succeed(printVersion(api, version, url.searchParams.get("include") === "modules"));
      }),
    },
    {
      method: "GET",
      path: DEPLOYMENTS,
      needs: SCRIPTS_READ,
      handle: withScript(api, (script) =>
        succeed({ deployments: listDeployments(script).map(printDeployment) }),
      ),
    },
    {
      method: "POST",
      path: DEPLOYMENTS,
      needs: SCRIPTS_WRITE,
      handle: withScript(api, (script, call) => deploy(api, script, call)),
    },
    {
      method: "GET",
      path: `${DEPLOYMENTS}/:deployment`,
      needs: SCRIPTS_READ,
      handle: withScript(api, (script, { params }) => {
        const found = listDeployments(script).find(({ id }) => id === params.deployment);
        return found === undefined
          ? fail(404, 10222, "the deployment does not exist")
          : succeed(printDeployment(found));
      }),
    },
  ];
}

async function createVersion(api: Api, script: ScriptRecord, body: unknown): Promise<Response> {
  if (!isBody(body)) return fail(400, 10021, "the body must be an object");
  const parts: UploadedPart[] = list(body, "modules").map((module) => ({
    name: text(module, "name") ?? "",
    contentType: text(module, "content_type") ?? "application/javascript+module",
    bytes: new Uint8Array(Buffer.from(text(module, "content_base64") ?? "", "base64")),
  }));
  const read = await readScript(api, script, { metadata: body, parts }, script.content);
  if ("code" in read) return fail(400, read.code, read.message);
  const earlier = api.records.versions.list().filter(({ workerTag }) => workerTag === script.tag);
  const version: VersionRecord = {
    id: api.newUuid(),
    accountId: script.accountId,
    workerTag: script.tag,
    number: earlier.length + 1,
    createdOn: api.timestamp(),
    annotations: { ...object(body, "annotations"), "workers/triggered_by": "create_version_api" },
    content: read.content,
  };
  api.records.versions.put(version.id, version);
  return succeed(printVersion(api, version, true), { messages: read.messages });
}

function printVersion(api: Api, version: VersionRecord, withModules: boolean): object {
  const { content } = version;
  const [entry] = content.modules;
  const modules = content.modules.map(({ name, contentType, blob }) => ({
    content_base64: readFileSync(api.blobs.path(blob)).toString("base64"),
    content_type: contentType,
    name,
  }));
  return {
    id: version.id,
    number: version.number,
    created_on: version.createdOn,
    source: "api",
    usage_model: content.usageModel,
    compatibility_flags: content.compatibilityFlags,
    annotations: version.annotations,
    startup_time_ms: 5,
    urls: [],
    ...(entry === undefined ? {} : { main_module: entry.name }),
    ...(content.compatibilityDate === undefined
      ? {}
      : { compatibility_date: content.compatibilityDate }),
    ...(content.bindings.length === 0 ? {} : { bindings: content.bindings }),
    ...(withModules ? { modules } : {}),
  };
}

/** The version with the largest share serves everything: the sandbox does not split traffic. */
function deploy(api: Api, script: ScriptRecord, { body }: Call): Response {
  const { records, context } = api;
  const shares = list(body, "versions").map((entry) => ({
    version_id: text(entry, "version_id") ?? "",
    percentage: number(entry, "percentage") ?? 0,
  }));
  const largest = shares.reduce(
    (left, right) => (right.percentage > left.percentage ? right : left),
    {
      version_id: "",
      percentage: -1,
    },
  );
  const isOwn = ({ version_id }: { version_id: string }) =>
    records.versions.get(version_id)?.workerTag === script.tag;
  const total = shares.reduce((sum, share) => sum + share.percentage, 0);
  const version = records.versions.get(largest.version_id);
  if (version === undefined || !shares.every(isOwn) || total !== 100)
    return fail(400, 10222, "versions must be this Worker's and add up to 100 per cent");
  const deployment: DeploymentRecord = {
    id: api.newUuid(),
    accountId: script.accountId,
    scriptName: script.name,
    createdOn: api.timestamp(),
    strategy: text(body, "strategy") ?? "percentage",
    versions: shares,
    annotations: { ...object(body, "annotations"), "workers/triggered_by": "deployment" },
  };
  context.store.transaction(() => {
    records.deployments.put(deployment.id, deployment);
    records.scripts.put(`${script.accountId}/${script.name}`, {
      ...script,
      content: version.content,
      modifiedOn: deployment.createdOn,
    });
  });
  return succeed(printDeployment(deployment));
}

function printDeployment(deployment: DeploymentRecord): object {
  return {
    id: deployment.id,
    created_on: deployment.createdOn,
    source: "api",
    strategy: deployment.strategy,
    author_email: "",
    annotations: deployment.annotations,
    versions: deployment.versions,
  };
}
