import type { Model } from "../../../compiler/2-model/model.ts";
import type { LoweredResource, LoweredValue } from "../contract.ts";
import { object, ref } from "../lowered-values.ts";
import { vendorName } from "../vendor-name.ts";
import { accountMember } from "./account.ts";
import { native } from "./lowering.ts";

/** Something in an app's environment that nobody but the app may read: its functions name it and do not hold it. */
export interface KeptSecret {
  /** The resource that it is of; undefined for the key of the app's own account. */
  readonly which: string | undefined;
  readonly value: LoweredValue;
  /** Variables of the app that hold it. */
  readonly variables: readonly string[];
}

/** A secret of an app in Secret Manager, which that app alone may read. */
export function lowerKept(
  model: Model,
  app: string,
  { which, value }: KeptSecret,
): readonly LoweredResource[] {
  const secret = secretName(app, which);
  return [
    native(secret, app, "google_secret_manager_secret", {
      // No name of a manifest holds an underscore.
      secret_id: `${vendorName(model, app)}_${which ?? "_storage-key"}`,
      replication: object({ auto: object({}) }),
    }),
    native(versionName(app, which), app, "google_secret_manager_secret_version", {
      secret: ref(secret, "id"),
      secret_data: value,
    }),
    native(readerName(app, which), app, "google_secret_manager_secret_iam_member", {
      secret_id: ref(secret, "id"),
      role: "roles/secretmanager.secretAccessor",
      member: accountMember(app),
    }),
  ];
}

/** The variables of a function that hold it. A new value is a new version, with which the function is deployed anew. */
export function keptVariables(
  app: string,
  { which, variables }: KeptSecret,
): readonly LoweredValue[] {
  const secret = secretName(app, which);
  return variables.map((key) =>
    object({
      key,
      project_id: ref(secret, "project"),
      secret: ref(secret, "secret_id"),
      version: ref(versionName(app, which), "version"),
    }),
  );
}

/** Name of the right to read it, without which no function with it can be made. */
export function readerName(app: string, which: KeptSecret["which"]): string {
  return which === undefined ? `${app}.storage-key-reader` : `${app}.reads-${which}`;
}

function secretName(app: string, which: KeptSecret["which"]): string {
  return which === undefined ? `${app}.storage-key-secret` : `${app}.secret-${which}`;
}

function versionName(app: string, which: KeptSecret["which"]): string {
  return which === undefined ? `${app}.storage-key-version` : `${app}.version-${which}`;
}
