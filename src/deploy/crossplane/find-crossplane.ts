import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../engine.ts";
import { engineCacheFolder } from "../machine-folders.ts";

/** Version of `github.com/crossplane/cli/v2`: what renders and validates. */
export const CLI_VERSION = "2.5.0";
/** Version of `github.com/crossplane/crossplane/v2`: what the renderer lets compose, as in a cluster. */
export const CROSSPLANE_VERSION = "2.3.4";

/** Crossplane's own tools on this machine. */
export interface CrossplaneTools {
  /** Its command line, absolute. */
  readonly command: string;
  /** Crossplane itself, for `--crossplane-binary`. */
  readonly core: string;
  /** Definitions of its own kinds, as YAML. */
  readonly schemas: string;
}

/** Where each of the two is built. */
export function crossplaneFolders(machine: Machine): {
  readonly cli: string;
  readonly core: string;
} {
  const cache = engineCacheFolder(machine);
  return {
    cli: join(cache, `crossplane-cli-${CLI_VERSION}`),
    core: join(cache, `crossplane-${CROSSPLANE_VERSION}`),
  };
}

/** The tools that were built here; undefined unless all are there. */
export function findCrossplane(machine: Machine): CrossplaneTools | undefined {
  const { cli, core } = crossplaneFolders(machine);
  const tools: CrossplaneTools = {
    command: join(cli, "libexec", "crossplane"),
    core: join(core, "libexec", "crossplane-core"),
    schemas: join(core, "schemas"),
  };
  return Object.values(tools).every((path) => existsSync(path)) ? tools : undefined;
}
