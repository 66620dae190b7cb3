import { setTimeout as sleep } from "node:timers/promises";
import { isProperties, type Properties } from "../property-names.ts";
import { callNetlify, type NetlifyConfig } from "./netlify-api.ts";
import type { DeployFile, DeployFolder } from "./read-deploy-folder.ts";

/** States in which a deploy says what it wants (netlify/cli, `waitForDiff`). */
const PREPARED: ReadonlySet<unknown> = new Set(["prepared", "uploading", "uploaded", "ready"]);
const READY: ReadonlySet<unknown> = new Set(["ready"]);
/** How long Netlify may take over a deploy (netlify/cli, `DEFAULT_DEPLOY_TIMEOUT`), milliseconds. */
const WAIT_MS = 1_200_000;
const PAUSE_MS = 100;
const PAUSE_MAX_MS = 2_000;

export interface BegunDeploy {
  readonly site: string;
  readonly id: string;
  readonly folder: DeployFolder;
  readonly runtime: string | undefined;
  /** The answer to its creation where that says what is wanted. */
  readonly made: unknown;
}

/** Sends what Netlify asks for of a deploy, and waits until it is ready. Sending a thing twice is harmless. */
export async function uploadDeploy(config: NetlifyConfig, deploy: BegunDeploy): Promise<void> {
  const { id, folder, runtime, made } = deploy;
  const { required, required_functions: functions } = isProperties(made)
    ? made
    : await waitFor(config, deploy, PREPARED);
  for (const { path, bytes } of pick(folder.files, required)) {
    const place = path.split("/").map(encodeURIComponent).join("/");
    await callNetlify(config, { method: "PUT", path: `/deploys/${id}/files${place}`, bytes });
  }
  const query = runtime === undefined ? "" : `?runtime=${encodeURIComponent(runtime)}`;
  for (const { path, bytes } of pick(folder.functions, functions)) {
    const place = `/deploys/${id}/functions/${encodeURIComponent(path)}${query}`;
    await callNetlify(config, { method: "PUT", path: place, bytes });
  }
  await waitFor(config, deploy, READY);
}

function pick(files: readonly DeployFile[], wanted: unknown): readonly DeployFile[] {
  const digests = new Set<unknown>(Array.isArray(wanted) ? wanted : []);
  return files.filter(({ digest }) => digests.has(digest));
}

async function waitFor(
  config: NetlifyConfig,
  { site, id }: BegunDeploy,
  states: ReadonlySet<unknown>,
): Promise<Properties> {
  const end = performance.now() + WAIT_MS;
  for (let pause = PAUSE_MS; ; pause = Math.min(2 * pause, PAUSE_MAX_MS)) {
    const path = `/sites/${site}/deploys/${id}`;
    const deploy = await callNetlify(config, { method: "GET", path });
    if (isProperties(deploy) && states.has(deploy.state)) return deploy;
    if (isProperties(deploy) && ["error", "rejected"].includes(String(deploy.state)))
      throw new Error(`Netlify says that the deploy ${id} failed; its own log has the reason`);
    if (performance.now() > end) throw new Error(`the deploy ${id} is still not ready`);
    await sleep(pause);
  }
}
