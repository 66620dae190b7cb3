import type { AppNode, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { LoweredResource, LoweredText, LoweredValue } from "../contract.ts";
import { findNode } from "../find-node.ts";
import { listOpened } from "../list-opened.ts";
import { concat, object, ref } from "../lowered-values.ts";
import type { Context, LowerNode, WebNode } from "../node-lowering.ts";
import { bucketUrl } from "./lower-bucket.ts";
import { sqliteFolder, sqliteUrl } from "./lower-database.ts";
import { postgresUrl, roleName } from "./lower-postgres.ts";
import { innerUrl, lowerText, webUrl } from "./lower-text.ts";
import { APP_PORT, lowerContainer, mount, variable } from "./lowering.ts";

/** A Node container with the app's bundle in it. It finds each binding as the URL in the variable of that name. */
export const lowerApp: LowerNode<AppNode> = (context, node) => ({
  resources: [
    lowerNodeProgram(context, node, {
      env: [
        ...node.bind.map(({ variable: name, resource }) =>
          variable(name, bindingOf(context, node.name, findNode(context, resource))),
        ),
        ...node.env.map(({ variable: name, value }) => variable(name, lowerText(context, value))),
        ...lowerOpened(context, node),
        ...lowerTriggers(context, node),
      ],
      volumes: findTargets(context, node).flatMap((target) =>
        target.kind === "database" && target.engine === "sqlite"
          ? [mount(target.name, sqliteFolder(target.name))]
          : [],
      ),
      dependsOn: findTargets(context, node).flatMap((target) => needs(node.name, target)),
    }),
  ],
  artifacts: [
    {
      kind: "bundle",
      target: "node",
      name: node.name,
      source: node.source,
      entry: node.entry,
    },
  ],
  url: webUrl(context, node),
});

/** A container that runs the Node program of an artifact, with no right of the system's. */
export function lowerNodeProgram(
  context: Context,
  { name }: WebNode,
  more: {
    readonly env: readonly LoweredValue[];
    readonly volumes: readonly LoweredValue[];
    readonly dependsOn: readonly string[];
  },
): LoweredResource {
  const file = `/app/${name}.mjs`;
  const upload = object({
    file,
    source: { kind: "artifact", artifact: name, field: "path" },
    source_hash: { kind: "artifact", artifact: name, field: "sha256" },
  });
  return lowerContainer(context, {
    name,
    origin: name,
    image: "container.node",
    capabilities: [],
    args: {
      command: ["node", file],
      env: [`PORT=${APP_PORT}`, ...more.env],
      upload: [upload],
      ...(more.volumes.length > 0 && { volumes: more.volumes }),
    },
    dependsOn: [...new Set(more.dependsOn)],
  });
}

/** What the manifest resources that an app binds or consumes are, each once. */
function findTargets(context: Context, node: AppNode): readonly ResourceNode[] {
  const names = [...node.bind, ...node.consumes].map(({ resource }) => resource);
  return [...new Set(names)].map((name) => findNode(context, name));
}

function needs(app: string, target: ResourceNode): readonly string[] {
  if (target.kind === "bucket") return [`${target.name}.server`];
  const isTable =
    target.kind === "kv" ||
    target.kind === "queue" ||
    (target.kind === "database" && target.engine === "postgres");
  return isTable ? [roleName(app, target.name)] : [];
}

function bindingOf(context: Context, app: string, target: ResourceNode): LoweredText {
  const { name } = target;
  switch (target.kind) {
    case "database":
      return target.engine === "sqlite" ? sqliteUrl(name) : postgresUrl(context, app, target);
    case "kv":
    case "queue":
      return postgresUrl(context, app, target);
    case "bucket":
      return bucketUrl(context, name);
    case "secret":
      return concat(ref(name, "value"));
    case "service":
      // One variable with the JSON of all credentials: their names are the provider's and known only once the service exists.
      return { kind: "concat", parts: [{ kind: "json", value: ref(name, "credentials") }] };
    case "app":
      return innerUrl(context, name);
    default:
      throw new Error(`a ${target.kind} offers nothing to bind`);
  }
}

function lowerOpened(context: Context, { bind }: AppNode): readonly string[] {
  const bound = bind.map((one) => ({ ...one, target: findNode(context, one.resource) }));
  return Object.entries(listOpened(bound)).map(([name, value]) => `${name}=${value}`);
}

/** The variables of the queues that the app receives, and its schedules: the program's entry sees to both. A queue that is not bound gets a variable of its own. */
function lowerTriggers(context: Context, node: AppNode): readonly LoweredValue[] {
  const crons = context.model.resources.flatMap((one) =>
    one.kind === "cron" && one.app === node.name ? [one.schedule] : [],
  );
  const queues = node.consumes.map(({ resource }) => {
    const bound = node.bind.find((one) => one.resource === resource)?.variable;
    return { resource, name: bound ?? `SUPERCARGO_QUEUE_${toVariable(resource)}`, isBound: bound };
  });
  return [
    ...queues
      .filter(({ isBound }) => isBound === undefined)
      .map(({ name, resource }) =>
        variable(name, bindingOf(context, node.name, findNode(context, resource))),
      ),
    ...(queues.length > 0
      ? [`SUPERCARGO_CONSUMES=${queues.map(({ name }) => name).join(",")}`]
      : []),
    ...(crons.length > 0 ? [`SUPERCARGO_CRONS=${[...new Set(crons)].join("; ")}`] : []),
  ];
}

function toVariable(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}
