import type { AdapterVault } from "../../src/adapters/orchestrators/vault.ts";
import type { Secret } from "../../src/util/secret.ts";

/** A vault that forgets with the test. */
export function createMemoryVault(): AdapterVault & { readonly names: () => readonly string[] } {
  const kept = new Map<string, Secret>();
  return {
    names: () => [...kept.keys()],
    read: async (name) => kept.get(name),
    async write(name, value) {
      if (value === undefined) kept.delete(name);
      else kept.set(name, value);
    },
  };
}
