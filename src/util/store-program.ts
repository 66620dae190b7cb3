import { join } from "node:path";

/** Version of the S3-compatible store that container stacks use and the sandbox runs: `github.com/versity/versitygw`. */
export const STORE_VERSION = "1.8.0";

/** Where the store's program is on a machine that built it, `${XDG_CACHE_HOME:-~/.cache}/supercargo/store/<version>/libexec/versitygw`. */
export function storeProgram(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  const given = env.XDG_CACHE_HOME;
  const cache = given?.startsWith("/") === true ? given : join(home, ".cache");
  return join(cache, "supercargo", "store", STORE_VERSION, "libexec", "versitygw");
}
