import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { quoteShell } from "../util/quote-shell.ts";
import {
  CLOUDFLARE_PLUGIN_VERSION,
  type Machine,
  PREVIEWED_PLUGINS,
  type PreviewedPackage,
} from "./engine.ts";
import {
  builtEngineFolder,
  engineCacheFolder,
  packageFolder,
  passphraseFile,
} from "./machine-folders.ts";

/** Packages whose plugins a stand-in can play. */
export type StandInName = PreviewedPackage | "cloudflare" | "docker" | "netlify";

/** Folder in Pulumi's home that holds the real Cloudflare plugin once it was downloaded. */
export const REAL_PLUGIN_FOLDER = join(
  "plugins",
  `resource-cloudflare-v${CLOUDFLARE_PLUGIN_VERSION}`,
);

/** Stand-ins that a person's own run finds, unless a folder in Pulumi's home is there, if one could be. */
interface WrappedStandIns {
  readonly folder: string;
  readonly unless?: string | undefined;
}

/**
 * Writes a folder with stand-in plugins for this copy of our package and returns it. It goes on the PATH of a run where the real ones are not there or
 * would take what nobody named: Docker's this machine's own host, a cloud's the credentials that lie in its home folder.
 */
export function writeStandIns(machine: Machine, names: readonly StandInName[]): string {
  const about = [packageFolder(), machine.node, ...names].join("\0");
  const key = createHash("sha256").update(about).digest("hex");
  const folder = join(engineCacheFolder(machine), `stand-in-${key.slice(0, 12)}`);
  const main = join(packageFolder(), "src", "deploy", "stand-in-plugin", "main.ts");
  for (const name of names)
    writeScript(
      join(folder, `pulumi-resource-${name}`),
      `#!/bin/sh\nexec ${quoteShell(machine.node)} ${quoteShell(main)} ${name} "$@"\n`,
    );
  return folder;
}

/** Loaded into Pulumi's dynamic provider: ends it with the engine; without that, it outlives an engine that is killed. */
export const END_WITH_ENGINE = `"use strict";
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit(1);
}, 500).unref();
`;

/** The plugin that runs dynamic resources: Pulumi's own, found from the program's folder as npm's script does, but with one Node process. */
export const DYNAMIC_PROVIDER_SCRIPT = `#!/bin/sh
# Written by supercargo.
folder=$PWD
while [ ! -d "$folder/node_modules/@pulumi/pulumi/cmd/dynamic-provider" ]; do
  if [ -z "$folder" ]; then
    echo "@pulumi/pulumi is not installed for $PWD" >&2
    exit 1
  fi
  folder=\${folder%/*}
done
exec node --require "\${0%/*}/end-with-engine.cjs" \\
  "$folder/node_modules/@pulumi/pulumi/cmd/dynamic-provider" "$@"
`;

/**
 * Writes `bin/` of the built engine, the folder to put on one's PATH: a `pulumi` that sets what is unset and runs the
 * unchanged binary, and the Node that our stacks need.
 */
export function writeEngineBin(machine: Machine): void {
  const bin = join(builtEngineFolder(machine), "bin");
  writeScript(
    join(bin, "pulumi"),
    wrapperText(machine, [
      { folder: writeStandIns(machine, ["cloudflare", "docker"]), unless: REAL_PLUGIN_FOLDER },
      { folder: writeStandIns(machine, ["netlify"]) },
      ...(Object.keys(PREVIEWED_PLUGINS) as PreviewedPackage[]).map((name) => ({
        folder: writeStandIns(machine, [name]),
        unless: join("plugins", `resource-${name}-v${PREVIEWED_PLUGINS[name]}`),
      })),
    ]),
  );
  writeScript(join(bin, "node"), `#!/bin/sh\nexec ${quoteShell(machine.node)} "$@"\n`);
}

function wrapperText(machine: Machine, standIns: readonly WrappedStandIns[]): string {
  const additions = standIns.map(({ folder, unless }) => {
    const addition = `PATH="$PATH:"${quoteShell(folder)}`;
    return unless === undefined
      ? `${addition}\n`
      : `if [ ! -d "\${PULUMI_HOME:-$HOME/.pulumi}/${unless}" ]; then\n  ${addition}\nfi\n`;
  });
  return `#!/bin/sh
# Written by supercargo. Sets what is not set and runs the unchanged pulumi in ../libexec.
libexec=${quoteShell(join(builtEngineFolder(machine), "libexec"))}
if [ -z "\${PULUMI_CONFIG_PASSPHRASE+set}\${PULUMI_CONFIG_PASSPHRASE_FILE+set}" ]; then
  export PULUMI_CONFIG_PASSPHRASE_FILE=${quoteShell(passphraseFile(machine))}
fi
export PULUMI_SKIP_UPDATE_CHECK="\${PULUMI_SKIP_UPDATE_CHECK-true}"
export NODE_COMPILE_CACHE="\${NODE_COMPILE_CACHE-${join(engineCacheFolder(machine), "node-compile-cache")}}"
PATH="$libexec:"${quoteShell(dirname(machine.node))}":$PATH"
${additions.join("")}export PATH
exec "$libexec/pulumi" "$@"
`;
}

/** Writes an executable file when it is not there yet with this very text; readers see the old one or the new one. */
export function writeScript(path: string, text: string): void {
  if (readText(path) === text) return;
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o755 });
  renameSync(draft, path);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
