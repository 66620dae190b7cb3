import type { ResourceNode } from "../../../compiler/2-model/model.ts";

/** Databases that every server of PostgreSQL has from its first start (PostgreSQL manual, "Template Databases"). */
const TAKEN: ReadonlySet<string> = new Set(["postgres", "template0", "template1"]);

/** A resource whose data is in PostgreSQL is the database of its name there, which must be nobody's yet. */
export function refuseNode(
  node: ResourceNode,
): { readonly reason: string; readonly remedy: string } | undefined {
  const isDatabase =
    node.kind === "kv" ||
    node.kind === "queue" ||
    (node.kind === "database" && node.engine === "postgres");
  if (!isDatabase || !TAKEN.has(node.name)) return undefined;
  return {
    reason: "it is a database of its name, and PostgreSQL has one of that name for itself",
    remedy: "give the resource another name",
  };
}
