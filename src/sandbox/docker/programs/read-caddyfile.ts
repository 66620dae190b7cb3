/** One host of a Caddyfile and where its paths lead. */
export interface ProxySite {
  /** Without a scheme. */
  readonly host: string;
  readonly routes: readonly { readonly path: string; readonly target: string }[];
}

/** Reads the part of a Caddyfile's language that our stacks use: sites with `handle` and `reverse_proxy`. */
export function readCaddyfile(text: string): readonly ProxySite[] {
  const sites: { host: string; routes: { path: string; target: string }[] }[] = [];
  const open: string[] = [];
  let path = "/*";
  for (const line of text.split("\n").map((one) => one.trim())) {
    const words = line.replace(/ ?\{$/, "").split(" ");
    if (line === "}") open.pop();
    else if (open.length === 0 && line.endsWith("{"))
      sites.push({ host: (words[0] ?? "").replace(/^https?:\/\//, ""), routes: [] });
    else if (words[0] === "handle") path = words[1] ?? "/*";
    else if (words[0] === "reverse_proxy")
      sites.at(-1)?.routes.push({ path, target: words[1] ?? "" });
    if (line.endsWith("{")) open.push(line);
    else if (open.length === 1) path = "/*";
  }
  return sites;
}

/** The target of a request: the longest path that fits wins (Caddyfile, directive `handle`). */
export function findTarget(
  sites: readonly ProxySite[],
  host: string,
  path: string,
): string | undefined {
  const site = sites.find((one) => one.host === host);
  const fitting = site?.routes.filter((route) => fits(route.path, path)) ?? [];
  return fitting.toSorted((a, b) => b.path.length - a.path.length)[0]?.target;
}

function fits(pattern: string, path: string): boolean {
  return pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
}
