import { sha256 } from "../../util/sha256.ts";

const HASH_LENGTH = 8;

/**
 * A name of at most `max` characters: one that is longer, or that ends in a hyphen, is cut and gets a hash of the whole instead. So does one of which only `kept` can be in
 * a name there.
 */
export function fitName(name: string, max: number, kept: string = name): string {
  if (kept === name && name.length <= max && !name.endsWith("-")) return name;
  const start = kept.slice(0, max - HASH_LENGTH - 1).replace(/-+$/, "");
  return `${start}-${sha256(name).slice(0, HASH_LENGTH)}`;
}
