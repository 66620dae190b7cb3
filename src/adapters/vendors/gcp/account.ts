import type { Model } from "../../../compiler/2-model/model.ts";
import { sha256 } from "../../../util/sha256.ts";
import type { LoweredReference, LoweredResource } from "../contract.ts";
import { ref } from "../lowered-values.ts";
import { vendorName } from "../vendor-name.ts";
import { native } from "./lowering.ts";

/** Characters of an account's id (IAM docs, "Create service accounts"). */
const MIN_LENGTH = 6;
const MAX_LENGTH = 30;

/** The service account that an app or a site runs as. It may do nothing by itself. */
export function lowerAccount(model: Model, owner: string): LoweredResource {
  const name = vendorName(model, owner, MAX_LENGTH);
  return native(accountName(owner), owner, "google_service_account", {
    account_id: name.length < MIN_LENGTH ? `${name}-${sha256(name).slice(0, 8)}` : name,
    display_name: vendorName(model, owner),
  });
}

export function accountEmail(owner: string): LoweredReference {
  return ref(accountName(owner), "email");
}

/** The account as bindings of rights call it. */
export function accountMember(owner: string): LoweredReference {
  return ref(accountName(owner), "member");
}

function accountName(owner: string): string {
  return `${owner}.service-account`;
}
