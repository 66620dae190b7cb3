import { createHmac } from "node:crypto";
import { isProperties, type Properties, readText } from "../property-names.ts";
import { makeOnce } from "./make-once.ts";
import { callNetlify, type NetlifyConfig } from "./netlify-api.ts";
import type { NetlifySpec } from "./netlify-spec.ts";
import { type DeployFolder, readDeployFolder } from "./read-deploy-folder.ts";
import { readId } from "./read-id.ts";
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
    const { answer, isFound } = await makeOnce(config, isRepeated, {
      path: `/sites/${site}/deploys?title=${encodeURIComponent(title)}`,
      body: toBody(folder, inputs),
      find: () => findDeploy(config, site, title),
    });
    const id = readId(answer, "the new deploy");
    const runtime = typeof inputs.runtime === "string" ? inputs.runtime : undefined;
    const saysAll = !isFound && folder.files.length <= FILES_AT_ONCE;
    const made = saysAll ? answer : undefined;
    await uploadDeploy(config, { site, id, folder, runtime, made });
    return id;
  },
  async read(config, id, inputs) {
    await callNetlify(config, { method: "GET", path: `/deploys/${id}` });
    return inputs;
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

/** One that failed is none. */
async function findDeploy(config: NetlifyConfig, site: string, title: string): Promise<unknown> {
  const path = `/sites/${site}/deploys?per_page=100`;
  const listed = await callNetlify(config, { method: "GET", path });
  const deploys = Array.isArray(listed) ? (listed as readonly unknown[]) : [];
  return deploys.find(
    (deploy) => isProperties(deploy) && deploy.title === title && deploy.state !== "error",
  );
}
