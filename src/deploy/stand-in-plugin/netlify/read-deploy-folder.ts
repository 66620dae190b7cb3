import { hash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { digestFiles } from "../../../util/digest-files.ts";

/** Something that Netlify may ask for. */
export interface DeployFile {
  /** From a slash on; of a function its name. */
  readonly path: string;
  /** Hexadecimal: SHA-1 of a file, SHA-256 of a function's archive. */
  readonly digest: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface DeployFolder {
  readonly files: readonly DeployFile[];
  readonly functions: readonly DeployFile[];
}

/** Reads what is to be deployed. @throws when the folder is not the one of which the stack names the digest, or holds what Netlify does not take. */
export async function readDeployFolder(folder: string, sha256: string): Promise<DeployFolder> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
  const all: { readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> }[] = [];
  for (const path of paths)
    all.push({ path, bytes: new Uint8Array(await readFile(join(folder, path))) });
  if (digestFiles(all) !== sha256)
    throw new Error(
      `${folder} is not the folder whose SHA-256 the stack names; run supercargo compile`,
    );
  const odd = paths.find((path) => /[#?]/.test(path));
  if (odd !== undefined) throw new Error(`Netlify takes no # and no ? in a path: ${odd}`);
  return {
    files: all.flatMap(({ path, bytes }) =>
      path.startsWith("publish/")
        ? [{ path: path.slice("publish".length), digest: hash("sha1", bytes, "hex"), bytes }]
        : [],
    ),
    functions: all.flatMap(({ path, bytes }) => {
      const name = /^functions\/([^/]+)\.zip$/.exec(path)?.[1];
      return name === undefined
        ? []
        : [{ path: name, digest: hash("sha256", bytes, "hex"), bytes }];
    }),
  };
}
