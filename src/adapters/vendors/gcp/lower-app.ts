import type { AppNode } from "../../../compiler/2-model/model.ts";
import type { LoweredResource, LoweredValue } from "../contract.ts";
import { ref } from "../lowered-values.ts";
import type { Context, LowerNode } from "../node-lowering.ts";
import { accountEmail, accountMember, lowerAccount } from "./account.ts";
import { countConnections, countInstances } from "./database-load.ts";
import { INSTANCES_MAX } from "./function-limits.ts";
import { callerName, functionName } from "./function-names.ts";
import { grantsToUse, grantToCall } from "./grants.ts";
import { type KeptSecret, keptVariables, lowerKept, readerName } from "./kept-secret.ts";
import { listEntries } from "./list-entries.ts";
import { lowerConsumer } from "./lower-consumer.ts";
import { lowerCode, lowerFunction } from "./lower-function.ts";
import { listHostRecords, lowerHosts } from "./lower-hosts.ts";
import { isTable, postgresUrl } from "./lower-postgres.ts";
import { webUrl } from "./lower-text.ts";
import { type Bound, lowerVariables } from "./lower-variables.ts";
import { native } from "./lowering.ts";
import { SERVE_ALL_PATHS } from "./serve-all-paths.ts";
import type { Entry } from "./service-name.ts";

/**
 * A function for visitors, one for the queues that the app consumes and one for the schedules that call it, all as one account that may do what its bindings need and
 * nothing else.
 */
export const lowerApp: LowerNode<AppNode> = (context, node) => {
  const { name, source, entry } = node;
  const bound = findBound(context, node);
  const keys = bound.some(({ target }) => target.kind === "bucket") ? [lowerKey(name)] : [];
  const kept = [
    ...bound.flatMap((one) => keepSecret(context, one)),
    ...(keys.length > 0 ? [keepKey(name)] : []),
  ];
  const inNetwork = bound.some(({ target }) => isTable(target));
  const settings = {
    variables: lowerVariables(context, node, bound, ref(keyName(name), "access_id")),
    secrets: kept.flatMap((secret) => keptVariables(name, secret)),
    inNetwork,
    instances: inNetwork ? countInstances(context, node) : INSTANCES_MAX,
    dependsOn: kept.map(({ which }) => readerName(name, which)),
  };
  const serve = (one: Entry): readonly LoweredResource[] => [
    lowerFunction(context, node, one, {
      ...settings,
      variables: { ...settings.variables, ...(one === "app" && SERVE_ALL_PATHS) },
    }),
    grantToCall(
      callerName(name, one),
      name,
      functionName(name, one),
      one === "app" ? "allUsers" : accountMember(name),
    ),
  ];
  return {
    resources: [
      lowerAccount(context.model, name),
      ...bound.flatMap(({ target }) => grantsToUse(name, target)),
      ...keys,
      ...kept.flatMap((secret) => lowerKept(context.model, name, secret)),
      lowerCode(name),
      ...listEntries(context.model, node).flatMap(serve),
      ...node.consumes.flatMap(({ resource }) => lowerConsumer(context, name, resource)),
      ...lowerHosts(context, node),
    ],
    records: listHostRecords(context, node),
    artifacts: [{ kind: "bundle", target: "google", packed: true, name, source, entry }],
    prices: [
      { service: "gcp/run", category: "compute" },
      { service: "gcp/build", category: "compute" },
      ...(kept.length > 0 ? [{ service: "gcp/secretmanager", category: "compute" }] : []),
    ],
    url: webUrl(context, node),
  };
};

function keepSecret(context: Context, { target, variables }: Bound): readonly KeptSecret[] {
  const { name } = target;
  const keep = (value: LoweredValue) => [{ which: name, value, variables }];
  switch (target.kind) {
    case "database":
    case "kv":
      return keep(postgresUrl(target, countConnections(context, name)));
    case "secret":
      return keep(ref(name, "value"));
    case "service":
      // One variable with the JSON of all credentials: their names are the provider's and known only once the service exists.
      return keep({ kind: "json", value: ref(name, "credentials") });
    default:
      return [];
  }
}

/** A key of the app's account for Cloud Storage's S3-compatible interface (Cloud Storage docs, "HMAC keys"). */
function lowerKey(app: string): LoweredResource {
  return native(keyName(app), app, "google_storage_hmac_key", {
    service_account_email: accountEmail(app),
  });
}

/** The half of it that is secret. */
function keepKey(app: string): KeptSecret {
  const value = ref(keyName(app), "secret");
  return { which: undefined, value, variables: ["AWS_SECRET_ACCESS_KEY"] };
}

function findBound({ nodes }: Context, node: AppNode): readonly Bound[] {
  return [...Map.groupBy(node.bind, ({ resource }) => resource)].map(([name, bindings]) => {
    const target = nodes.get(name);
    if (target === undefined) throw new Error(`no resource ${name}`);
    return { target, variables: bindings.map(({ variable }) => variable) };
  });
}

function keyName(app: string): string {
  return `${app}.storage-key`;
}
