import type { Model } from "../../../compiler/2-model/model.ts";
import { sha256 } from "../../../util/sha256.ts";
import { fitName } from "../fit-name.ts";
import { vendorName } from "../vendor-name.ts";

/** The most characters that a resource group, a plan, a network and a label of DNS all take in a name. */
const SHARED_MAX = 60;
/** The most characters of a web app's name, which is a label below `azurewebsites.net`. */
const WEB_APP_MAX = 60;
/** The most characters of a storage account's name, with the eight of its hash. */
const ACCOUNT_MAX = 24;
const HASH_LENGTH = 8;

/** What the resources are called that the stack shares. */
export function sharedName({ name, stack }: Model): string {
  return fitName(`${name}-${stack}`, SHARED_MAX);
}

/** What a web app is called at Azure, and in the whole world. */
export function webAppName(model: Model, name: string): string {
  return vendorName(model, name, WEB_APP_MAX);
}

/** What a storage account is called, also in the whole world. It takes letters and digits alone; the hash keeps names apart that differ in a hyphen. */
export function accountName(model: Model, name: string): string {
  const whole = vendorName(model, name);
  const start = whole.replaceAll("-", "").slice(0, ACCOUNT_MAX - HASH_LENGTH);
  return `${start}${sha256(whole).slice(0, HASH_LENGTH)}`;
}
