import type { JsonValue } from "./json-value.ts";
import { PROVIDER_SOURCES } from "./opentofu-names.ts";
import { templateText } from "./template-text.ts";

/** `lifecycle.destroy` came with this version. */
const OLDEST_OPENTOFU = ">= 1.12.0";

/** Of PBKDF2: the fewest that OpenTofu accepts, as the passphrase is 256 random bits. */
const KEY_ITERATIONS = 200_000;

/**
 * What OpenTofu must know to find and to read a stack's state, whose resources are of the given packages. State and plans are never written in
 * clear: without the passphrase OpenTofu stops.
 */
export function stateBlocks(
  { project, stack }: { readonly project: string; readonly stack: string },
  packages: readonly string[],
): { readonly terraform: JsonValue; readonly variable: JsonValue } {
  const sources = packages.map((name) => {
    const { source, version } = PROVIDER_SOURCES[name] ?? { source: name };
    return [name, version === undefined ? { source } : { source, version }] as const;
  });
  const encrypted = { method: "method.aes_gcm.stack", enforced: true };
  const terraform = {
    required_version: OLDEST_OPENTOFU,
    required_providers: Object.fromEntries(sources),
    backend: {
      local: {
        path: templateText([`../../../.supercargo/opentofu/${project}/${stack}.tfstate`]),
      },
    },
    encryption: {
      key_provider: {
        pbkdf2: {
          machine: { passphrase: expression("var.passphrase"), iterations: KEY_ITERATIONS },
        },
      },
      method: { aes_gcm: { stack: { keys: expression("key_provider.pbkdf2.machine") } } },
      state: encrypted,
      plan: encrypted,
    },
  };
  const passphrase = {
    type: "string",
    description: "Encrypts state and plans.",
    sensitive: true,
  };
  return { terraform, variable: { passphrase } };
}

function expression(text: string): string {
  return templateText([{ expression: text }]);
}
