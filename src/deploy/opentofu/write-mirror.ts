import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Machine } from "../engine.ts";
import { writeScript } from "../launchers.ts";
import { engineCacheFolder, packageFolder } from "../machine-folders.ts";
import { quoteShell } from "../quote-shell.ts";

/** A provider of ours, and where the configuration looks for it. */
interface MirroredProvider {
  /** `<host>/<namespace>/<type>`, as in the generated configuration. */
  readonly source: string;
  /** Any that the configuration's constraint allows. */
  readonly version: string;
  /** Its program, from the root of our package. */
  readonly main: string;
}

const PROVIDERS: readonly MirroredProvider[] = [
  {
    source: "supercargo.invalid/supercargo/supercargo",
    version: "1.0.0",
    main: "src/resources/opentofu/main.ts",
  },
  {
    source: "registry.opentofu.org/cloudflare/cloudflare",
    version: "5.0.0",
    main: "src/deploy/stand-in-plugin/opentofu/main.ts",
  },
];

/** Node's names of platforms and processors in Go's words. */
const SYSTEMS: Readonly<Record<string, string>> = { win32: "windows" };
const PROCESSORS: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

export interface Mirror {
  /** OpenTofu's own configuration that names the mirror, for `TF_CLI_CONFIG_FILE`. */
  readonly configFile: string;
  /** Changes when the mirror is another one. */
  readonly key: string;
  /** Packages of whose resources there are providers. */
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
  for (const { source, version, main } of PROVIDERS) {
    const type = packageOf(source);
    const program = `terraform-provider-${type}_v${version}`;
    const start = [machine.node, join(packageFolder(), main)].map(quoteShell).join(" ");
    writeScript(
      join(folder, "providers", source, version, platform, program),
      `#!/bin/sh\nexec ${start}\n`,
    );
  }
  const configFile = join(folder, "tofu.rc");
  writeScript(configFile, printConfig(join(folder, "providers")));
  return { configFile, key, packages: PROVIDERS.map(({ source }) => packageOf(source)) };
}

/** The last part of a provider's source. */
function packageOf(source: string): string {
  return source.slice(source.lastIndexOf("/") + 1);
}

function printConfig(path: string): string {
  const ours = JSON.stringify(PROVIDERS.map(({ source }) => source));
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
