import type { Json } from "../util/canonical-json.ts";

/** An address of the stack. */
export interface StackUrl {
  /** The manifest resource. */
  readonly resource: string;
  /** As the world will know it. */
  readonly url: string;
  /** Where it answers on this machine, for a stack in the sandbox. */
  readonly local?: string | undefined;
}

/** Reads the stack's output `urls`; with the sandbox's app port each gets its address on this machine. */
export function readUrls(
  outputs: Readonly<Record<string, unknown>>,
  appPort: number | undefined,
): readonly StackUrl[] {
  const { urls } = outputs as { readonly urls?: Json };
  if (urls === null || typeof urls !== "object" || Array.isArray(urls)) return [];
  return Object.entries(urls).flatMap(([resource, url]) =>
    typeof url === "string" && URL.canParse(url)
      ? [{ resource, url, local: appPort === undefined ? undefined : localise(url, appPort) }]
      : [],
  );
}

/** The sandbox serves `<hostname>` at `<hostname>.localhost`, which resolves to this machine everywhere (RFC 6761, 6.3). */
function localise(url: string, appPort: number): string {
  const { hostname, pathname } = new URL(url);
  return `http://${hostname.replace(/\.localhost$/, "")}.localhost:${appPort}${pathname}`;
}
