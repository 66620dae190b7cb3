import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";

type Data = string | number | boolean | null | readonly Data[] | { readonly [key: string]: Data };

/** The storefront's manifest as plain data. */
export const STOREFRONT: Data = parse(
  readFileSync(join(import.meta.dirname, "../../templates/storefront/supercargo.yaml"), "utf8"),
);

/** One key or value of a manifest in whose place any text can be written. */
export interface Position {
  readonly name: string;
  readonly write: (text: string) => string;
}

const MARK = "MARKED-PLACE";

/** Every key and every value, in block style. */
export function writePositions(data: Data): readonly Position[] {
  return listMarked(data, "").map(({ name, marked }) => {
    const [before = "", after = ""] = stringify(marked, { lineWidth: 0 }).split(MARK);
    return { name, write: (text) => before + text + after };
  });
}

function listMarked(
  data: Data,
  path: string,
): readonly { readonly name: string; readonly marked: Data }[] {
  if (Array.isArray(data))
    return data.flatMap((item, i) =>
      listMarked(item, `${path}[${i}]`).map(({ name, marked }) => ({
        name,
        marked: data.with(i, marked),
      })),
    );
  if (typeof data !== "object" || data === null) return [{ name: `value ${path}`, marked: MARK }];
  const entries = Object.entries(data);
  return entries.flatMap(([key, value], i) => [
    {
      name: `key ${path}.${key}`,
      marked: Object.fromEntries(entries.with(i, [MARK, value])),
    },
    ...listMarked(value, `${path}.${key}`).map(({ name, marked }) => ({
      name,
      marked: { ...data, [key]: marked },
    })),
  ]);
}
