import { chmodSync, chownSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { isDockerName } from "./docker-name.ts";
import { innerPath } from "./inner-path.ts";
import { hasPrivateFolder, makePrivateFolder } from "./private-folder.ts";
import type { Identity } from "./programs/server-identity.ts";

/** Where the files of containers and volumes are. Nothing is made before it is needed. */
export interface ContainerFolders {
  /** A container's own files; not made. Throws for an id that is none of ours. */
  container(id: string): string;
  /** A volume, in a folder of its own, which a store serves as its root; not made. Throws for a name that is none. */
  volume(name: string): string;
  makeContainer(id: string): string;
  /** Writes a file of a container, which the server may read and not change. */
  writeFile(id: string, path: string, content: Buffer): void;
  makeVolume(name: string): string;
  /** For programs that have to be copied to where the servers' user can reach them. */
  makePrograms(): string;
  removeContainer(id: string): void;
  removeVolume(name: string): void;
  /** Takes all of it away if there is no container and no volume any more. */
  removeBase(): void;
}

/**
 * The only place that makes and removes folders from names. What is removed as a whole is one folder directly below one of ours, by a name that was checked;
 * ours are only removed when they are empty. `server` is who runs the servers, if that is another user: it passes through to its volumes, which are its own.
 */
export function openContainerFolders(base: string, server?: Identity): ContainerFolders {
  const containers = join(base, "containers");
  const volumes = join(base, "volumes");
  const programs = join(base, "programs");
  const child = (parent: string, name: string): string => {
    if (!isDockerName(name)) throw new Error(`no name of a container or volume: ${name}`);
    return join(parent, name);
  };
  const volume = (name: string) => join(child(volumes, name), name);
  const container = (id: string) => child(containers, id);
  // Behind a link that somebody put there, another folder would go.
  const has = (...folders: readonly string[]) =>
    folders.every((folder) => hasPrivateFolder(folder, { passing: server }));
  const remove = (parent: string, folder: string): void => {
    if (has(base, parent)) rmSync(folder, { recursive: true, force: true });
  };
  const make = (...folders: readonly string[]): string => {
    for (const folder of folders) makePrivateFolder(folder, { passing: server });
    return folders.at(-1) ?? base;
  };
  return {
    container,
    volume,
    makeContainer: (id) => make(base, containers, container(id)),
    writeFile(id, path, content) {
      const root = make(base, containers, container(id));
      const target = innerPath(root, path);
      const inner = relative(root, dirname(target)).split(sep);
      make(
        ...inner.map((_, i) => join(root, ...inner.slice(0, i + 1))).filter((one) => one !== root),
      );
      writeFileSync(target, content, { mode: 0o600 });
      if (server === undefined) return;
      chownSync(target, process.getuid?.() ?? 0, server.gid);
      chmodSync(target, 0o640);
    },
    makeVolume(name) {
      make(base, volumes, child(volumes, name));
      return makePrivateFolder(volume(name), { owner: server });
    },
    makePrograms: () => make(base, programs),
    removeContainer: (id) => remove(containers, container(id)),
    removeVolume: (name) => remove(volumes, child(volumes, name)),
    removeBase() {
      if (!has(base) || !removeEmpty(containers) || !removeEmpty(volumes)) return;
      remove(base, programs);
      removeEmpty(base);
    },
  };
}

/** False when something is in it. */
function removeEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return true;
    if (code === "ENOTEMPTY" || code === "EEXIST") return false;
    throw error;
  }
}
