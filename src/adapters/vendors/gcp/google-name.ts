import { fitName } from "../fit-name.ts";

/** Google's own name and what looks like it: no bucket may have it in its name, and no topic or subscription may begin so (README.md, "Assumptions"). */
const GOOGLE = /g[o0]{2}g/g;

/** A name of at most `max` characters that Google does not keep for itself. */
export function googleName(name: string, max: number): string {
  return fitName(name, max, name.replaceAll(GOOGLE, "x"));
}
