import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { Secret } from "../../../util/secret.ts";
import type { CommandLine } from "./command-line.ts";

/**
 * The credentials of a resource. `env` prints redacted values only, even as JSON, so the file that `--pull` writes is read and removed at once, however the call
 * ended; one that an earlier process left is not read.
 * Names without the resource's prefix; undefined when the CLI or its file says something else.
 */
export async function pullEnvironment(
  cli: CommandLine,
  folder: string,
  name: string,
): Promise<Readonly<Record<string, Secret>> | undefined> {
  const file = join(folder, ".env");
  const forget = () => rmSync(file, { force: true });
  forget();
  try {
    const pulled = await cli.ask("env", "--pull", "--refresh");
    if (pulled.kind !== "ok") return undefined;
    const prefix = `${name.toUpperCase().replaceAll("-", "_")}_`;
    return Object.fromEntries(
      Object.entries(parseEnv(readFileSync(file, "utf8"))).flatMap(([key, value]) =>
        key.startsWith(prefix) && value !== undefined && value !== ""
          ? [[key.slice(prefix.length), new Secret(value)]]
          : [],
      ),
    );
  } catch {
    return undefined;
  } finally {
    forget();
  }
}
