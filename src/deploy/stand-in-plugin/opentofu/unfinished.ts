import { isDeepStrictEqual } from "node:util";
import type { Values } from "../../../tfplugin/value.ts";
import { isProperties } from "../property-names.ts";

/** A resource that a run which died may have made. OpenTofu never tells a provider its address, so it is known by its arguments. */
export interface Unfinished {
  /** `cloudflare_queue`. */
  readonly type: string;
  /** The configured arguments whose values the plan knew and could show. */
  readonly known: Readonly<Record<string, unknown>>;
}

/** Whether a resource that is about to be made is one of those. Another one of the same type is not, nor is one of which nothing is known. */
export function isAmong(
  list: readonly Unfinished[],
  resource: { readonly type: string; readonly planned: Values },
): boolean {
  return list.some(({ type, known }) => {
    const names = Object.keys(known);
    return (
      type === resource.type &&
      names.length > 0 &&
      names.every((name) => isDeepStrictEqual(known[name], plain(resource.planned[name])))
    );
  });
}

/** What {@link Unfinished} is written as, read back; anything else is nothing. */
export function parseUnfinished(text: string): readonly Unfinished[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter(isUnfinished) : [];
  } catch {
    return [];
  }
}

function isUnfinished(value: unknown): value is Unfinished {
  return isProperties(value) && typeof value.type === "string" && isProperties(value.known);
}

/** As it reads in JSON, without the arguments that are not set. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isProperties(value)) return value;
  const set = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(set.map(([name, inner]) => [name, plain(inner)]));
}
