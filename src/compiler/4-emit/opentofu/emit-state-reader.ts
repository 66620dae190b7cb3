import { PROVIDER_SOURCES } from "./opentofu-names.ts";
import { printConfiguration } from "./print-configuration.ts";
import { stateBlocks } from "./state-blocks.ts";

/** Prints the configuration with which a stack's state can be read and nothing can be changed: no resource, and no provider that is set up. */
export function emitStateReader(names: {
  readonly project: string;
  readonly stack: string;
}): string {
  return printConfiguration(stateBlocks(names, Object.keys(PROVIDER_SOURCES).sort()));
}
