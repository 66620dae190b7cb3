import { realpathSync } from "node:fs";
import { delimiter, dirname, isAbsolute, sep } from "node:path";

/**
 * The folders of a PATH in which engines and compilers may be looked for, as a PATH. npm puts every `node_modules/.bin` from the project up in front of it,
 * and whoever writes into a project writes there: such a folder is left out, as is whatever lies in one of `projects`, and what is no absolute folder.
 */
export function trustedPath(path: string | undefined, projects: readonly string[]): string {
  // Everything lies below the root of the file system, which is nobody's project.
  const roots = projects.flatMap(namesOf).filter((root) => dirname(root) !== root);
  const isTrusted = (folder: string): boolean =>
    !folder.split(sep).includes("node_modules") &&
    !roots.some((root) => folder === root || folder.startsWith(root + sep));
  return (path ?? "")
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && namesOf(folder).every(isTrusted))
    .join(delimiter);
}

/** A folder as it is named and as it is reached. */
function namesOf(folder: string): readonly string[] {
  try {
    return [folder, realpathSync(folder)];
  } catch {
    return [folder];
  }
}
