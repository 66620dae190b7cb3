import { realpathSync } from "node:fs";
import { delimiter, isAbsolute, sep } from "node:path";

const SYSTEM_PATH = ["/usr/bin", "/bin"].join(delimiter);

/**
 * The folders of a PATH in which engines and compilers may be looked for, as a PATH. npm puts every `node_modules/.bin` from the project up in front of it,
 * and whoever writes into a project writes there: such a folder is left out, as is whatever lies in one of `projects`, and what is no absolute folder. With
 * nothing left it is the system's own: an empty PATH would mean the working folder.
 */
export function trustedPath(
  path: string | undefined,
  projects: readonly string[],
  home: string,
): string {
  // What holds the person's home holds all that the person installed, and is nobody's project, even where it is the working folder.
  const homes = namesOf(home);
  const roots = projects
    .flatMap(namesOf)
    .filter((root) => !homes.some((one) => one === root || isBelow(one, root)));
  const isTrusted = (folder: string): boolean =>
    !folder.split(sep).includes("node_modules") &&
    !roots.some((root) => folder === root || isBelow(folder, root));
  const trusted = (path ?? "")
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && namesOf(folder).every(isTrusted));
  return trusted.length > 0 ? trusted.join(delimiter) : SYSTEM_PATH;
}

function isBelow(folder: string, root: string): boolean {
  return folder.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** A folder as it is named and as it is reached. */
function namesOf(folder: string): readonly string[] {
  try {
    return [folder, realpathSync(folder)];
  } catch {
    return [folder];
  }
}
