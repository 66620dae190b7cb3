import type { ResourceNode } from "../../compiler/2-model/model.ts";

/** Kinds whose variable the runtime opens; every other one is text for the app, whatever it looks like. */
const OPENED: ReadonlySet<ResourceNode["kind"]> = new Set(["database", "bucket", "kv", "queue"]);

/** What `SUPERCARGO_BINDINGS` is for an app (src/runtime/README.md): nothing where no variable is opened. */
export function listOpened(
  bound: readonly { readonly variable: string; readonly target: ResourceNode }[],
): { readonly SUPERCARGO_BINDINGS?: string } {
  const opened = bound.flatMap(({ variable, target }) => {
    if (OPENED.has(target.kind)) return [variable];
    if (target.kind !== "service" || target.serves === undefined) return [];
    return [target.serves === "kv" ? `${variable}?kv=${target.name}` : variable];
  });
  return opened.length > 0 ? { SUPERCARGO_BINDINGS: opened.join(",") } : {};
}
