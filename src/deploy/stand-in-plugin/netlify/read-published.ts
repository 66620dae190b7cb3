import { isProperties } from "../property-names.ts";
import { callNetlify, type NetlifyConfig } from "./netlify-api.ts";

/** The deploy that a site serves. */
export interface PublishedDeploy {
  readonly id: unknown;
  /** Milliseconds since 1970, by Netlify's clock. */
  readonly createdAt: number;
  /** Whether somebody said that no other deploy is to take its place. */
  readonly isLocked: boolean;
}

/** What a site serves now; undefined when it is nothing yet. */
export async function readPublished(
  config: NetlifyConfig,
  site: string,
): Promise<PublishedDeploy | undefined> {
  const answer = await callNetlify(config, { method: "GET", path: `/sites/${site}` });
  if (!isProperties(answer)) throw new Error("the answer about the site is none");
  const { published_deploy: deploy } = answer;
  if (!isProperties(deploy)) return undefined;
  const { id, created_at: at, locked } = deploy;
  return { id, createdAt: Date.parse(String(at)), isLocked: locked === true };
}
