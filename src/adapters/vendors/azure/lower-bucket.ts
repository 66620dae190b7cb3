import type { BucketNode } from "../../../compiler/2-model/model.ts";
import type { LoweredResource, LoweredText } from "../contract.ts";
import { concat, ref } from "../lowered-values.ts";
import type { LowerNode } from "../node-lowering.ts";
import { accountName } from "./azure-names.ts";
import { native, PLACED } from "./lowering.ts";

/**
 * A container in a storage account of its own, which has no keys and can never be opened to the world: who may read and write it is said by role assignments
 * alone. Azure encrypts what is in it by itself.
 */
export const lowerBucket: LowerNode<BucketNode> = ({ model }, { name }) => ({
  resources: [
    native(accountOf(name), name, "azurerm_storage_account", {
      name: accountName(model, name),
      ...PLACED,
      account_tier: "Standard",
      account_replication_type: "ZRS",
      min_tls_version: "TLS1_2",
      shared_access_key_enabled: false,
      allow_nested_items_to_be_public: false,
      cross_tenant_replication_enabled: false,
      local_user_enabled: false,
    }),
    native(name, name, "azurerm_storage_container", {
      name: "objects",
      storage_account_id: ref(accountOf(name), "id"),
    }),
  ],
  prices: [{ service: "azure/storage:blob", category: "storage" }],
});

/** Lets an app's identity read, write, delete and list what is in one bucket. */
export function lowerRights(app: string, identity: string, bucket: string): LoweredResource {
  return native(rightsName(app, bucket), app, "azurerm_role_assignment", {
    scope: ref(bucket, "id"),
    role_definition_name: "Storage Blob Data Contributor",
    principal_id: ref(identity, "principal_id"),
    principal_type: "ServicePrincipal",
  });
}

export function rightsName(app: string, bucket: string): string {
  return `${app}.rights.${bucket}`;
}

/** Where an app finds its objects. The rights are those of its identity. */
export function bucketUrl(name: string): LoweredText {
  return concat("azblob://", ref(accountOf(name), "primary_blob_host"), "/", ref(name, "name"));
}

function accountOf(bucket: string): string {
  return `${bucket}.storage-account`;
}
