import { dirname, join } from "node:path";
import { OPENTOFU_FILE } from "../../compiler/4-emit/opentofu/opentofu-file.ts";
import type { Machine } from "../engine.ts";
import { engineCacheFolder } from "../machine-folders.ts";
import type { StackPlace } from "../stack-place.ts";

/** Version of `github.com/opentofu/opentofu` that is built. */
export const OPENTOFU_VERSION = "1.12.6";

/** The built OpenTofu's folder; `libexec/tofu` is the unchanged binary. */
export function builtOpentofuFolder(machine: Machine): string {
  return join(engineCacheFolder(machine), `opentofu-${OPENTOFU_VERSION}`);
}

/** The folder in which OpenTofu works: that of the generated configuration. `folder` is the run's. */
export function configurationFolder({ folder }: { readonly folder: string }): string {
  return dirname(join(folder, OPENTOFU_FILE));
}

/** The stack's state, encrypted, as the generated configuration names it. */
export function opentofuStateFile({ root, project, stack }: StackPlace): string {
  return join(root, ".supercargo", "opentofu", project, `${stack}.tfstate`);
}

/** Says which configuration OpenTofu found good last. */
export function opentofuStampFile({ root, project, stack }: StackPlace): string {
  return join(root, ".supercargo", "opentofu", project, `${stack}.checked`);
}
