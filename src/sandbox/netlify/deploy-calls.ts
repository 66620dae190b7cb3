import { hash } from "node:crypto";
import { refuseCall } from "./netlify-answer.ts";
import type { AnswerNetlify, NetlifyApi } from "./netlify-api.ts";
import type { DeployRecord, SiteRecord } from "./netlify-records.ts";
import { readDeploy } from "./read-deploy.ts";

/** `createSiteDeploy`, `listSiteDeploys`, `getSiteDeploy`, `getDeploy`, `uploadDeployFile`, `uploadDeployFunction` (open-api, `deploy`). */
export const answerDeploys: AnswerNetlify = async (api, request) => {
  const { method, parts, query, body } = request;
  const { sites, deploys } = api.records;
  const [head, id = "", what, ...rest] = parts;
  if (head === "deploys") {
    const deploy = deploys.get(id);
    if (deploy === undefined) return refuseCall(404, "Not Found");
    if (method === "GET" && what === undefined) return Response.json(describe(api, deploy));
    if (method === "PUT" && (what === "files" || what === "functions"))
      return upload(api, deploy, { what, name: rest.join("/"), body });
    return undefined;
  }
  if (head !== "sites" || what !== "deploys" || rest.length > 1) return undefined;
  const site = sites.get(id);
  const [wanted] = rest;
  if (site === undefined) return refuseCall(404, "Not Found");
  if (method === "POST" && wanted === undefined) return begin(api, site, query.get("title"), body);
  if (method !== "GET") return undefined;
  const own = deploys.list().filter(({ siteId }) => siteId === id);
  if (wanted === undefined)
    return Response.json(own.toReversed().map((deploy) => describe(api, deploy)));
  const deploy = own.find((one) => one.id === wanted);
  return deploy === undefined ? refuseCall(404, "Not Found") : Response.json(describe(api, deploy));
};

async function begin(
  api: NetlifyApi,
  site: SiteRecord,
  title: string | null,
  body: Buffer,
): Promise<Response> {
  const { context, records } = api;
  const given = readDeploy(body);
  if (typeof given === "string") return refuseCall(422, given);
  const { environment, ...content } = given;
  const deploy: DeployRecord = {
    ...content,
    id: context.random(12),
    siteId: site.id,
    title: title ?? "",
    sealedEnvironment: context.seal(JSON.stringify(environment)),
    state: "uploading",
    createdAt: new Date(context.now()).toISOString(),
  };
  records.deploys.put(deploy.id, deploy);
  await publishWhole(api, deploy);
  return Response.json(describe(api, records.deploys.get(deploy.id) ?? deploy));
}

async function upload(
  api: NetlifyApi,
  deploy: DeployRecord,
  {
    what,
    name,
    body,
  }: { readonly what: "files" | "functions"; readonly name: string; readonly body: Buffer },
): Promise<Response> {
  const [algorithm, key] = what === "files" ? ["sha1", `/${name}`] : ["sha256", name];
  const digest = hash(algorithm, body, "hex");
  if (deploy[what][key] !== digest) return refuseCall(422, "this is not what the deploy names");
  api.records.uploads.put(`${algorithm}:${digest}`, { hash: api.blobs.put(body) });
  await publishWhole(api, deploy);
  return Response.json({ id: key, sha: digest });
}

/** A deploy is published as soon as everything of it is there. */
async function publishWhole(api: NetlifyApi, deploy: DeployRecord): Promise<void> {
  const { records, host } = api;
  const current = records.deploys.get(deploy.id);
  const site = records.sites.get(deploy.siteId);
  const isWhole = listMissing(api, deploy).every((missing) => missing.length === 0);
  if (site === undefined || current?.state !== "uploading" || !isWhole) return;
  try {
    await host.publish(site, deploy);
  } catch {
    records.deploys.put(deploy.id, { ...deploy, state: "error" });
    await host.withdraw(deploy.id);
    return;
  }
  records.deploys.put(deploy.id, { ...deploy, state: "ready" });
  records.sites.put(site.id, { ...site, published: deploy.id });
  if (site.published !== null) await host.withdraw(site.published);
}

/** Digests of files and functions that nobody uploaded yet. */
function listMissing(
  { records: { uploads } }: NetlifyApi,
  { files, functions }: DeployRecord,
): readonly [files: readonly string[], functions: readonly string[]] {
  const missing = (algorithm: string, digests: Readonly<Record<string, string>>) =>
    [...new Set(Object.values(digests))].filter(
      (digest) => uploads.get(`${algorithm}:${digest}`) === undefined,
    );
  return [missing("sha1", files), missing("sha256", functions)];
}

function describe(api: NetlifyApi, deploy: DeployRecord): object {
  const { id, siteId, title, state, schedules, createdAt } = deploy;
  const [required, required_functions] = listMissing(api, deploy);
  return {
    ...{ id, site_id: siteId, title, state, required, required_functions },
    ...{ function_schedules: schedules, created_at: createdAt, context: "production" },
  };
}
