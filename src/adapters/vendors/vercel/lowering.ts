import type { Model } from "../../../compiler/2-model/model.ts";
import { sha256 } from "../../../util/sha256.ts";
import { type CreateNative, createNative } from "../create-native.ts";
import { fitName } from "../fit-name.ts";
import { vendorName } from "../vendor-name.ts";

/** The vendor's id, as in manifests, price list and provider-schema types. */
export const VERCEL = "vercel";
/** Where functions and stores are (Washington, D.C.): prices are those of this region, and it is Vercel's own default. */
export const REGION = "iad1";
/** The longest that a function may take over one request; Vercel's default is 300. */
export const TIMEOUT_SECONDS = 30;
/** The most characters of a project's name (vercel_project, `name`). */
const NAME_MAX = 52;
const HASH_LENGTH = 8;

/** A resource of Vercel's. The provider is configured by the environment of whoever runs the engine. */
export const native: CreateNative = createNative();

/** What the project of an app or site is called. Three hyphens in a row can be in none. */
export function projectName(model: Model, resource: string): string {
  const name = vendorName(model, resource);
  return fitName(name, NAME_MAX, name.replace(/-{3,}/g, "-"));
}

/**
 * The host of an app or site that has no route: names below `vercel.app` are everybody's, so a hash of whose it is makes it one's own, and another one than Vercel gives the
 * project by itself.
 */
export function ownHost(model: Model, resource: string): string {
  const whose = JSON.stringify([model.principal.email, model.name, model.stack, resource]);
  return `${projectName(model, resource)}-${sha256(whose).slice(0, HASH_LENGTH)}.vercel.app`;
}
