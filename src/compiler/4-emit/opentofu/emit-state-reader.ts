import { printConfiguration } from "./print-configuration.ts";
import { stateBlocks } from "./state-blocks.ts";

/**
 * Prints the configuration with which a stack's state can be read and nothing can be changed: no resource, and no provider that is set up. `packages` are those
 * of which providers can be had: `init` fails for the sake of one that cannot, also where the state has nothing of it.
 */
export function emitStateReader(
  names: { readonly project: string; readonly stack: string },
  packages: readonly string[],
): string {
  return printConfiguration(stateBlocks(names, packages.toSorted()));
}
