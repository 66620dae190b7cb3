import type { SourceLocation } from "../../diagnostics/diagnostic.ts";
import type { LineMap } from "../../diagnostics/line-map.ts";
import { escapeCharacter } from "../../util/visible-text.ts";

/** Where a value and its key stand in the text, and the same for what it holds. Offsets in UTF-16 code units, end exclusive. */
export interface Span {
  readonly value: readonly [number, number];
  readonly key?: readonly [number, number] | undefined;
  readonly members?: ReadonlyMap<string, Span> | undefined;
}

export type DataPath = readonly PropertyKey[];

/** Finds places in one file. A path that the file does not have gives the place of its nearest parent. */
export interface Locator {
  /** The value at the path. */
  value(path: DataPath): SourceLocation;
  /** The key at the path, or the value where there is no key. */
  key(path: DataPath): SourceLocation;
}

export function createLocator(file: string, lines: LineMap, root: Span): Locator {
  const locate = (path: DataPath, which: "key" | "value"): SourceLocation => {
    let span = root;
    let found = 0;
    for (; found < path.length; found++) {
      const next = span.members?.get(String(path[found]));
      if (next === undefined) break;
      span = next;
    }
    const useKey = which === "key" || found < path.length;
    const [start, end] = useKey ? (span.key ?? firstCharacter(span)) : span.value;
    return { file, path: printPath(path), range: lines.range(start, end) };
  };
  return { value: (path) => locate(path, "value"), key: (path) => locate(path, "key") };
}

/** A mapping without a key of its own: pointing at all of it would point at nothing. */
function firstCharacter({ value, members }: Span): readonly [number, number] {
  return members === undefined ? value : [value[0], value[0]];
}

/** `resources.shop.routes[0]`; other keys than words stand in brackets, in visible ASCII and shortened. */
export function printPath(path: DataPath): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(String(step)))
      text += `${text && "."}${String(step)}`;
    else text += `[${printKey(String(step))}]`;
  }
  return text;
}

function printKey(key: string): string {
  const shown = key.length > 60 ? `${key.slice(0, 57)}...` : key;
  return JSON.stringify(shown).replace(/[^\x20-\x7e]/gu, escapeCharacter);
}
