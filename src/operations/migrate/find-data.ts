import type { AppNode, Model, ResourceNode } from "../../compiler/2-model/model.ts";
import type { DataToMove, MoveContent } from "../../migration/journal.ts";
import { type Refusal, refuse } from "../outcome.ts";

/** Sorts what moves. Data that no app binds cannot be reached at the new place, whose servers only apps have roles on. */
export function findData(model: Model, moved: ReadonlySet<string>): MoveContent | Refusal {
  const nodes = model.resources.filter(({ name }) => moved.has(name));
  const apps = nodes.filter((node): node is AppNode => node.kind === "app");
  const data: DataToMove[] = [];
  for (const { name: resource, kind } of nodes) {
    if (kind !== "database" && kind !== "bucket" && kind !== "kv") continue;
    const found = apps.flatMap(({ name: app, bind }) =>
      bind
        .filter((one) => one.resource === resource)
        .map(({ variable }) => ({ resource, kind, app, variable })),
    )[0];
    if (found === undefined) return refuseUnbound(resource);
    data.push(found);
  }
  const named = (kinds: readonly ResourceNode["kind"][]) =>
    nodes.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name);
  const consumed = new Set(
    apps.flatMap(({ consumes }) => consumes.map(({ resource }) => resource)),
  );
  const queues = named(["queue"]);
  return {
    data,
    queues: queues.filter((name) => consumed.has(name)),
    unconsumed: queues.filter((name) => !consumed.has(name)),
    apps: named(["app"]),
    webs: named(["app", "site"]),
  };
}

function refuseUnbound(resource: string): Refusal {
  return refuse({
    kind: "refused",
    code: "data-out-of-reach",
    message: `no app binds \`${resource}\`, so nothing could write its data at the new place`,
    remedy: "Bind it to an app, or take it out of the manifest if nobody needs it.",
  });
}
