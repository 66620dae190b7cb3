import type { ResourceNode } from "../../../compiler/2-model/model.ts";

/** Endings that Cloudflare's registrar API does not sell (Registrar API, limitations of the beta). */
const UNSOLD: ReadonlySet<string> = new Set([
  "cc",
  "giving",
  "inc",
  "link",
  "lol",
  "mom",
  "new",
  "sh",
]);

/** What Cloudflare cannot do although it serves the kind, and who can. */
export function refuseNode(
  node: ResourceNode,
): { readonly reason: string; readonly remedy: string } | undefined {
  if (node.kind === "database" && node.engine === "postgres") {
    return {
      reason: "its database D1 speaks SQLite only",
      remedy: "write engine: sqlite, or use kind: service with service: neon/postgres",
    };
  }
  if (node.kind === "domain") {
    const ending = node.domain.slice(node.domain.lastIndexOf(".") + 1);
    if (UNSOLD.has(ending)) {
      return {
        reason: `its registrar does not sell .${ending} through its API`,
        remedy: "choose another ending, or use kind: service with service: spaceship/domain",
      };
    }
  }
  return undefined;
}
