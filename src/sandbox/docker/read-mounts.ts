import { posix } from "node:path";
import { isDockerName, refuseName } from "./docker-name.ts";
import type { Mount } from "./docker-records.ts";
import { type DockerAnswer, refuse } from "./docker-route.ts";

/** The part of `HostConfig` that says what is mounted (Docker Engine API, `ContainerCreate`). */
export interface MountWish {
  /** `volume:/path` or `volume:/path:options`. */
  readonly Binds?: unknown;
  readonly Mounts?: unknown;
}

/** The volumes that a container mounts, or why it can't: folders of the host are never given to one, only volumes by their names. */
export function readMounts({ Binds, Mounts }: MountWish): readonly Mount[] | DockerAnswer {
  const wishes = [...list(Binds).map(readBind), ...list(Mounts).map(readMount)];
  const mounts: Mount[] = [];
  for (const { volume, path } of wishes) {
    if (volume === undefined || path === undefined || !isInnerPath(path))
      return refuse(400, "invalid volume specification: the sandbox mounts volumes at paths");
    if (!isDockerName(volume)) return refuseName("volume", volume);
    mounts.push({ volume, path });
  }
  return mounts;
}

interface Wish {
  readonly volume: string | undefined;
  readonly path: string | undefined;
}

function readBind(bind: unknown): Wish {
  const [volume, path] = typeof bind === "string" ? bind.split(":") : [];
  return { volume, path };
}

function readMount(mount: unknown): Wish {
  const { Type, Source, Target } = (mount ?? {}) as Readonly<Record<string, unknown>>;
  const isVolume = Type === "volume" && typeof Source === "string" && typeof Target === "string";
  return isVolume ? { volume: Source, path: Target } : { volume: undefined, path: undefined };
}

function isInnerPath(path: string): boolean {
  return path.startsWith("/") && posix.normalize(path) === path && path !== "/";
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
