import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { Secret } from "../../../util/secret.ts";
import type { HeldProject } from "./command-line.ts";
import type { ProjectFolder } from "./project-folder.ts";

/**
 * The credentials of a resource. `env` prints redacted values only, even as JSON, so the file that `--pull` writes is read and removed at once, however the call
 * ended, and while the folder is held: another process neither reads it nor takes it away. One that an earlier process left is removed before the CLI runs.
 * Names without the resource's prefix; undefined when the CLI or its file says something else.
 */
export async function pullEnvironment(
  { ask, project }: HeldProject,
  name: string,
): Promise<Readonly<Record<string, Secret>> | undefined> {
  try {
    const pulled = await ask("env", "--pull", "--refresh");
    const text = takeFile(project, pulled.kind === "ok");
    if (text === undefined) return undefined;
    const prefix = `${name.toUpperCase().replaceAll("-", "_")}_`;
    return Object.fromEntries(
      Object.entries(parseEnv(text)).flatMap(([key, value]) =>
        key.startsWith(prefix) && value !== undefined && value !== ""
          ? [[key.slice(prefix.length), new Secret(value)]]
          : [],
      ),
    );
  } catch {
    // No such file, or one that can't be removed.
    return undefined;
  }
}

function takeFile(project: ProjectFolder, isWanted: boolean): string | undefined {
  try {
    return isWanted ? readFileSync(join(project.work, ".env"), "utf8") : undefined;
  } finally {
    project.tidy();
  }
}
