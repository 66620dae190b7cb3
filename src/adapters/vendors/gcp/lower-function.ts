import type { LoweredResource, LoweredValue } from "../contract.ts";
import { object, ref } from "../lowered-values.ts";
import type { Context, WebNode } from "../node-lowering.ts";
import { accountEmail } from "./account.ts";
import { CODE } from "./code-bucket.ts";
import { CONCURRENCY, MEMORY, TIMEOUT_SECONDS } from "./function-limits.ts";
import { functionName } from "./function-names.ts";
import { native, REGION } from "./lowering.ts";
import { lowerWayIn } from "./network.ts";
import { type Entry, serviceName } from "./service-name.ts";

/** What the functions of an app have in common. */
export interface FunctionSettings {
  readonly variables: Readonly<Record<string, LoweredValue>>;
  /** Blocks of variables that hold a secret. */
  readonly secrets: readonly LoweredValue[];
  readonly inNetwork: boolean;
  /** At most, of each. */
  readonly instances: number;
  /** What must be there first. */
  readonly dependsOn: readonly string[];
}

/** The archive from which the functions of an app, or the one of a site, are built. */
export function lowerCode(owner: string): LoweredResource {
  return native(codeName(owner), owner, "google_storage_bucket_object", {
    bucket: ref(CODE, "name"),
    name: `${owner}.zip`,
    source: { kind: "artifact", artifact: owner, field: "path" },
  });
}

/** A function of Node, in its app's name. Another archive is another generation of the object, and then it is built anew. */
export function lowerFunction(
  { model }: Context,
  { name: app }: WebNode,
  entry: Entry,
  { variables, secrets, inNetwork, instances, dependsOn }: FunctionSettings,
): LoweredResource {
  const code = codeName(app);
  return native(
    functionName(app, entry),
    app,
    "google_cloudfunctions2_function",
    {
      name: serviceName(model, app, entry),
      location: REGION,
      build_config: object({
        runtime: "nodejs24",
        entry_point: entry,
        source: object({
          storage_source: object({
            bucket: ref(code, "bucket"),
            object: ref(code, "name"),
            generation: ref(code, "generation"),
          }),
        }),
      }),
      service_config: object({
        service_account_email: accountEmail(app),
        available_cpu: "1",
        available_memory: MEMORY,
        timeout_seconds: TIMEOUT_SECONDS,
        max_instance_request_concurrency: CONCURRENCY,
        max_instance_count: instances,
        ...(Object.keys(variables).length > 0 && {
          environment_variables: { kind: "map", entries: variables },
        }),
        ...(secrets.length > 0 && { secret_environment_variables: secrets }),
        ...(inNetwork && lowerWayIn()),
      }),
    },
    dependsOn,
  );
}

function codeName(owner: string): string {
  return `${owner}.code`;
}
