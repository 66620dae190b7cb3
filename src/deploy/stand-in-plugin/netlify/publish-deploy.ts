import { setTimeout as sleep } from "node:timers/promises";
import { isOpen } from "./is-open.ts";
import { callNetlify, type NetlifyConfig } from "./netlify-api.ts";
import { readPublished } from "./read-published.ts";

/** Before it is looked again whether a deploy is published. */
const PAUSES_MS = [0, 500, 1_000, 2_000, 4_000];

/**
 * Makes sure that a site serves a deploy that is ready: one that Netlify did not publish by itself is restored (https://open-api.netlify.com/#tag/deploy/operation/restoreSiteDeploy).
 * @throws when it is not published then, or when somebody locked the site to another one.
 */
export async function publishDeploy(
  config: NetlifyConfig,
  site: string,
  id: string,
): Promise<void> {
  const published = await readPublished(config, site);
  if (published?.id === id) return;
  if (published?.isLocked === true)
    throw new Error(
      `the deploy ${id} is ready, but the site is locked to another one; unlock its publishing at Netlify, and run this again`,
    );
  const path = `/sites/${site}/deploys/${id}/restore`;
  await callNetlify(config, { method: "POST", path }).catch((error: unknown) => {
    if (!isOpen(error)) throw error;
  });
  for (const pause of PAUSES_MS) {
    await sleep(pause);
    if ((await readPublished(config, site))?.id === id) return;
  }
  throw new Error(`the deploy ${id} is ready, but the site serves another one`);
}
