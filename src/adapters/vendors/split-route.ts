import type { Text } from "../../compiler/2-model/model.ts";

/** Host and path of a route's pattern; the path begins with a slash. */
export function splitRoute(pattern: Text): readonly [host: Text, path: string] {
  const index = pattern.findIndex((part) => typeof part === "string" && part.includes("/"));
  const part = pattern[index];
  if (typeof part !== "string") throw new Error("a route without a slash");
  const slash = part.indexOf("/");
  const host = [...pattern.slice(0, index), part.slice(0, slash)].filter((piece) => piece !== "");
  return [host, part.slice(slash)];
}
