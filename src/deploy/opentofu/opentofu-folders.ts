import { join } from "node:path";
import type { Machine } from "../engine.ts";
import { engineCacheFolder } from "../machine-folders.ts";
import type { StackPlace } from "../stack-place.ts";

/** Version of `github.com/opentofu/opentofu` that is built. */
export const OPENTOFU_VERSION = "1.12.6";

/** The built OpenTofu's folder; `libexec/tofu` is the unchanged binary. */
export function builtOpentofuFolder(machine: Machine): string {
  return join(engineCacheFolder(machine), `opentofu-${OPENTOFU_VERSION}`);
}

/** The folder in which OpenTofu works: that of the generated configuration. */
export function configurationFolder({ folder }: StackPlace): string {
  return join(folder, "opentofu");
}

/** The stack's state, encrypted, as the generated configuration names it. */
export function opentofuStateFile({ root, project, stack }: StackPlace): string {
  return join(root, ".supercargo", "opentofu", project, `${stack}.tfstate`);
}

/** What OpenTofu keeps for the stack besides the state: its providers, and the plan that was shown last, encrypted. */
export function opentofuDataFolder({ root, project, stack }: StackPlace): string {
  return join(root, ".supercargo", "opentofu", project, `${stack}.data`);
}
