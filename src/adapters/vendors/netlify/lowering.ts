import type { Model } from "../../../compiler/2-model/model.ts";
import { sha256 } from "../../../util/sha256.ts";
import { type CreateNative, createNative } from "../create-native.ts";
import { fitName } from "../fit-name.ts";
import { vendorName } from "../vendor-name.ts";

/** The vendor's id, as in manifests, price list and types of resources. */
export const NETLIFY = "netlify";
/** What runs functions. */
export const RUNTIME = "nodejs24.x";
/** The most characters of a site's name: with the 24 of a deploy's id and two hyphens before it, it is one label of a host. */
const NAME_MAX = 37;
const HASH_LENGTH = 8;

/** A resource of Netlify's. The provider is configured by the environment of whoever runs the engine. */
export const native: CreateNative = createNative();

/**
 * What the site of an app or site is called, which is also its host below `netlify.app`. Such names are everybody's, so a hash of whose it is makes it one's own. Two hyphens
 * in a row are in none: they part a deploy from its site.
 */
export function siteName(model: Model, resource: string): string {
  const whose = JSON.stringify([model.principal.email, model.name, model.stack, resource]);
  const name = vendorName(model, resource);
  const fitted = fitName(name, NAME_MAX - HASH_LENGTH - 1, name.replace(/-{2,}/g, "-"));
  return `${fitted}-${sha256(whose).slice(0, HASH_LENGTH)}`;
}
