import type { ResourceNode } from "../../../compiler/2-model/model.ts";
import type { LoweredResource, LoweredText } from "../contract.ts";
import { ref } from "../lowered-values.ts";
import { accountMember } from "./account.ts";
import { native } from "./lowering.ts";

/** What an app that binds a resource may do with it: what the runtime's interface does, on that one resource. */
export function grantsToUse(app: string, { kind, name }: ResourceNode): readonly LoweredResource[] {
  const member = accountMember(app);
  switch (kind) {
    case "bucket":
      return [
        native(`${app}.uses-${name}`, app, "google_storage_bucket_iam_member", {
          bucket: ref(name, "name"),
          role: "roles/storage.objectUser",
          member,
        }),
      ];
    case "queue":
      return [
        native(`${app}.sends-${name}`, app, "google_pubsub_topic_iam_member", {
          topic: ref(name, "name"),
          role: "roles/pubsub.publisher",
          member,
        }),
      ];
    default:
      // A database and a kv know the app by its password, which is a secret like others; another app stands in its environment.
      return [];
  }
}

/** Lets whoever `member` is call a function. */
export function grantToCall(
  name: string,
  owner: string,
  called: string,
  member: LoweredText,
): LoweredResource {
  return native(name, owner, "google_cloud_run_v2_service_iam_member", {
    name: ref(called, "name"),
    location: ref(called, "location"),
    role: "roles/run.invoker",
    member,
  });
}
