import { createHmac } from "node:crypto";
import { isProperties, type Properties, readText } from "../property-names.ts";
import { makeOnce } from "./make-once.ts";
import { callNetlify, type NetlifyConfig } from "./netlify-api.ts";
import type { NetlifySpec } from "./netlify-spec.ts";
import { publishDeploy } from "./publish-deploy.ts";
import { type DeployFolder, readDeployFolder } from "./read-deploy-folder.ts";
import { readPublished } from "./read-published.ts";
import { uploadDeploy } from "./upload-deploy.ts";

/** With more files than these, Netlify looks at them after its answer (netlify/cli, `DEFAULT_SYNC_LIMIT`). */
const FILES_AT_ONCE = 100;

/** https://open-api.netlify.com/#tag/deploy. None ever changes, and each goes with its site. */
export const DEPLOY_SPEC: NetlifySpec = {
  async create(config, inputs, isRepeated) {
    const site = readText(inputs, "siteId");
    const folder = await readDeployFolder(
      readText(inputs, "directory"),
      readText(inputs, "sha256"),
    );
    const title = titleOf(config, inputs);
    const { id, answer, isFound } = await makeOnce(config, isRepeated, {
      what: "the new deploy",
      path: `/sites/${site}/deploys?title=${encodeURIComponent(title)}`,
      body: toBody(folder, inputs),
      find: () => findDeploy(config, site, title),
    });
    const runtime = typeof inputs.runtime === "string" ? inputs.runtime : undefined;
    const saysAll = !isFound && folder.files.length <= FILES_AT_ONCE;
    const made = saysAll ? answer : undefined;
    await uploadDeploy(config, { site, id, folder, runtime, made });
    await publishDeploy(config, site, id);
    return id;
  },
  async read(config, id, inputs) {
    await callNetlify(config, { method: "GET", path: `/deploys/${id}` });
    const published = await readPublished(config, readText(inputs, "siteId"));
    // Somebody else's way back or forth is a difference, which the next run takes away by a new deploy.
    return published?.id === id
      ? inputs
      : { ...inputs, sha256: `(published is ${published?.id ?? "nothing"})` };
  },
};

function toBody({ files, functions }: DeployFolder, inputs: Properties): unknown {
  const digests = (list: DeployFolder["files"]): Properties =>
    Object.fromEntries(list.map(({ path, digest }) => [path, digest]));
  const entries = (value: unknown) => Object.entries(isProperties(value) ? value : {});
  return {
    files: digests(files),
    functions: digests(functions),
    function_schedules: entries(inputs.functionSchedules).map(([name, cron]) => ({ name, cron })),
    environment: entries(inputs.environment).map(([key, value]) => ({
      ...{ key, value: String(value), is_secret: true },
      scopes: ["functions"],
    })),
    async: files.length > FILES_AT_ONCE,
    draft: false,
  };
}

/** By it a deploy of the same inputs is known again. They may be secrets, of which a title tells nothing without the token. */
function titleOf({ token }: NetlifyConfig, inputs: Properties): string {
  const names = Object.keys(inputs).toSorted();
  const text = JSON.stringify(names.map((name) => [name, inputs[name]]));
  return `supercargo ${createHmac("sha256", token).update(text).digest("hex").slice(0, 32)}`;
}

/**
 * The newest deploy of that title. One that failed is none, and one that is older than the published one is of an earlier time when the inputs were the same: it would be taken for
 * new, and never become what the site serves.
 */
async function findDeploy(config: NetlifyConfig, site: string, title: string): Promise<unknown> {
  const published = await readPublished(config, site);
  const path = `/sites/${site}/deploys?per_page=100`;
  const listed = await callNetlify(config, { method: "GET", path });
  const [newest] = (Array.isArray(listed) ? (listed as readonly unknown[]) : [])
    .filter(isProperties)
    .filter(({ title: its, state }) => its === title && state !== "error" && state !== "rejected")
    .toSorted((a, b) => momentOf(b) - momentOf(a));
  if (newest === undefined || published === undefined || newest.id === published.id) return newest;
  return momentOf(newest) > published.createdAt ? newest : undefined;
}

/** When a deploy was made, milliseconds since 1970. */
function momentOf({ created_at: at }: Properties): number {
  return Date.parse(String(at));
}
