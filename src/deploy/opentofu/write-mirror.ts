import { createHash } from "node:crypto";
import { join } from "node:path";
import { quoteShell } from "../../util/quote-shell.ts";
import type { Machine } from "../engine.ts";
import { writeScript } from "../launchers.ts";
import { engineCacheFolder, packageFolder } from "../machine-folders.ts";
import { MIRRORED_PROVIDERS } from "./mirrored-providers.ts";

/** Node's names of platforms and processors in Go's words. */
const SYSTEMS: Readonly<Record<string, string>> = { win32: "windows" };
const PROCESSORS: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

export interface Mirror {
  /** OpenTofu's own configuration that names the mirror, for `TF_CLI_CONFIG_FILE`. */
  readonly configFile: string;
  /** Changes when the mirror is another one. */
  readonly key: string;
  /** Packages whose resources can be in a state. */
  readonly packages: readonly string[];
}

/**
 * Writes the folder from which OpenTofu takes our providers, laid out as a file-system mirror, for this copy of our package. They are
 * asked for nowhere else, and no other provider is had at all: each is a program that would run with the stack's access token at hand.
 */
export function writeMirror(machine: Machine): Mirror {
  const digest = createHash("sha256").update(`${packageFolder()}\0${machine.node}`).digest("hex");
  const key = digest.slice(0, 12);
  const folder = join(engineCacheFolder(machine), `mirror-${key}`);
  const system = SYSTEMS[process.platform] ?? process.platform;
  const platform = `${system}_${PROCESSORS[process.arch] ?? process.arch}`;
  for (const { name, source, version, main, args = [] } of MIRRORED_PROVIDERS) {
    const program = `terraform-provider-${name}_v${version}`;
    const start = [machine.node, join(packageFolder(), main), ...args].map(quoteShell).join(" ");
    writeScript(
      join(folder, "providers", source, version, platform, program),
      `#!/bin/sh\nexec ${start}\n`,
    );
  }
  const configFile = join(folder, "tofu.rc");
  writeScript(configFile, printConfig(join(folder, "providers")));
  return { configFile, key, packages: listApplied() };
}

function listApplied(): readonly string[] {
  return MIRRORED_PROVIDERS.filter(({ applies }) => applies).map(({ name }) => name);
}

function printConfig(path: string): string {
  const ours = JSON.stringify(MIRRORED_PROVIDERS.map(({ source }) => source));
  return [
    "# Written by supercargo.",
    "disable_checkpoint = true",
    "provider_installation {",
    "  filesystem_mirror {",
    `    path = ${JSON.stringify(path)}`,
    `    include = ${ours}`,
    "  }",
    "}",
    "",
  ].join("\n");
}
