import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SandboxContext } from "../context.ts";
import { probePort } from "../listen.ts";
import { type ContainerRecord, type DockerRecords, openDockerRecords } from "./docker-records.ts";
import type { Program, RunningProgram } from "./program.ts";
import { SERVER_IDENTITY } from "./programs/find-postgres.ts";
import { findTarget, readCaddyfile } from "./programs/read-caddyfile.ts";
import { runNode } from "./programs/run-node.ts";
import { runPostgres } from "./programs/run-postgres.ts";
import { runProxy } from "./programs/run-proxy.ts";
import { runStore } from "./programs/run-store.ts";
import { endLeftover } from "./spawn-program.ts";
import { translateText } from "./translate-text.ts";

/** What stands for an image, by its name without the tag. */
const PROGRAMS: Readonly<Record<string, Program>> = {
  node: runNode,
  postgres: runPostgres,
  "versity/versitygw": runStore,
  caddy: runProxy,
};

const CADDYFILE = "/etc/caddy/Caddyfile";
const RESTART_MS = 1_000;

export type Health = "none" | "starting" | "healthy" | "unhealthy";

/** Runs containers as plain processes of this machine. */
export interface ContainerHost {
  readonly records: DockerRecords;
  serves(image: string): boolean;
  /** Puts files into a container. */
  fill(id: string, files: ReadonlyMap<string, Buffer>): void;
  start(id: string): Promise<void>;
  stop(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  wait(id: string): Promise<number>;
  state(id: string): { readonly running: boolean; readonly health: Health };
  removeVolume(name: string): void;
  volumeFolder(name: string): string;
  /** The port of the app to which a proxy leads a host and path. */
  findUpstream(host: string, path: string): number | undefined;
  close(): Promise<void>;
}

interface Running {
  readonly program: RunningProgram;
  health: Health;
}

/** Starts again what was running when the last sandbox of the home ended. */
export async function createContainerHost(context: SandboxContext): Promise<ContainerHost> {
  const home = context.folder("docker");
  const records = openDockerRecords(context.store);
  const running = new Map<string, Running>();
  const codes = new Map<string, Promise<number>>();
  let isClosing = false;

  const rootOf = (id: string) => join(home, "containers", id);
  const pidFileOf = (id: string) => join(home, `${id}.pid`);
  const portOf = async (name: string): Promise<number> => {
    const kept = records.ports.get(name)?.port;
    const port = await probePort(kept ?? 0).catch(() => probePort(0));
    records.ports.put(name, { port });
    return port;
  };
  const findContainer = (name: string) =>
    records.containers.list().find((one) => one.name === name);
  const findPort = (name: string) =>
    findContainer(name) === undefined ? undefined : records.ports.get(name)?.port;

  const launch = async (container: ContainerRecord): Promise<Running> => {
    const { id, name, mounts } = container;
    const program = programOf(container.image);
    const port = await portOf(name);
    const root = rootOf(id);
    mkdirSync(root, { recursive: true, mode: 0o700 });
    const readFile = (path: string) => readText(join(root, path));
    for (const { volume } of mounts) mkdirSync(volumeFolder(volume), { recursive: true });
    const env = readEnv(context.unseal(container.sealedEnv), (text) =>
      translateText(text, {
        ports: neighbours(container).flatMap((one) => {
          const { innerPort } = programOf(one.image);
          const outer = records.ports.get(one.name)?.port;
          return innerPort === undefined || outer === undefined
            ? []
            : [{ name: one.name, innerPort, port: outer }];
        }),
        folders: mounts.map(({ volume, path }) => ({ path, folder: volumeFolder(volume) })),
      }),
    );
    const started = await program.start({
      ...{ container, root, env, port, findPort, readFile },
      findVolume: (path) => {
        const mount = mounts.find((one) => one.path === path || one.path.startsWith(`${path}/`));
        return mount && volumeFolder(mount.volume);
      },
      log: join(home, "containers.log"),
      pidFile: pidFileOf(id),
    });
    const entry: Running = {
      program: started,
      health: container.hasHealthcheck ? "starting" : "none",
    };
    running.set(id, entry);
    started.ready.then(
      () => {
        if (container.hasHealthcheck) entry.health = "healthy";
      },
      () => {
        if (container.hasHealthcheck) entry.health = "unhealthy";
      },
    );
    codes.set(
      id,
      started.ended.then((code) => {
        onEnd(id, entry, code);
        return code;
      }),
    );
    return entry;
  };

  const onEnd = (id: string, entry: Running, code: number): void => {
    if (running.get(id) === entry) running.delete(id);
    const record = records.containers.get(id);
    if (isClosing || record === undefined) return;
    records.containers.put(id, { ...record, exitCode: code });
    if (!record.restarts || !record.isWanted) return;
    setTimeout(() => {
      const now = records.containers.get(id);
      if (!isClosing && now?.isWanted === true && !running.has(id))
        void launch(now).catch(() => undefined);
    }, RESTART_MS).unref();
  };

  const volumeFolder = (name: string): string => {
    // A server that may not run as root cannot reach what is only root's.
    const base =
      SERVER_IDENTITY === undefined
        ? join(home, "volumes")
        : join(
            "/var/tmp",
            `supercargo-${createHash("sha256").update(home).digest("hex").slice(0, 16)}`,
          );
    if (!existsSync(base)) mkdirSync(base, { recursive: true });
    if (SERVER_IDENTITY !== undefined) chmodSync(base, 0o711);
    return join(base, name, name);
  };

  const neighbours = ({ networks }: ContainerRecord) =>
    records.containers
      .list()
      .filter((one) => one.networks.some((network) => networks.includes(network)));

  const stop = async (id: string): Promise<void> => {
    const record = records.containers.get(id);
    if (record !== undefined) records.containers.put(id, { ...record, isWanted: false });
    await running.get(id)?.program.stop();
  };

  for (const { id, name, isWanted, restarts } of records.containers.list()) {
    endLeftover(pidFileOf(id), home);
    endLeftover(pidFileOf(id), dirname(volumeFolder(name)));
    const record = records.containers.get(id);
    if (isWanted && restarts && record !== undefined) await launch(record).catch(() => undefined);
  }

  return {
    records,
    serves: (image) => PROGRAMS[withoutTag(image)] !== undefined,
    fill(id, files) {
      for (const [path, content] of files) {
        const target = join(rootOf(id), path);
        mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
        writeFileSync(target, content, { mode: 0o600 });
      }
    },
    async start(id) {
      const record = records.containers.get(id);
      if (record === undefined || running.has(id)) return;
      const wanted = { ...record, isWanted: true, exitCode: null };
      records.containers.put(id, wanted);
      await launch(wanted);
    },
    stop,
    async remove(id) {
      await stop(id);
      records.containers.delete(id);
      rmSync(rootOf(id), { recursive: true, force: true });
    },
    async wait(id) {
      return (await codes.get(id)) ?? records.containers.get(id)?.exitCode ?? 0;
    },
    state(id) {
      const entry = running.get(id);
      return { running: entry !== undefined, health: entry?.health ?? "none" };
    },
    volumeFolder,
    removeVolume(name) {
      records.volumes.delete(name);
      const folder = dirname(volumeFolder(name));
      rmSync(folder, { recursive: true, force: true });
      // Outside the home nothing is left behind that is not needed.
      if (records.volumes.list().length === 0)
        rmSync(dirname(folder), { recursive: true, force: true });
    },
    findUpstream(host, path) {
      for (const container of records.containers.list()) {
        const text = running.has(container.id)
          ? readText(join(rootOf(container.id), CADDYFILE))
          : undefined;
        const sites = text === undefined ? [] : readCaddyfile(text);
        const target =
          findTarget(sites, host, path) ?? findTarget(sites, `${host}.localhost`, path);
        const port = target === undefined ? undefined : findPort(target.replace(/:\d+$/, ""));
        if (port !== undefined) return port;
      }
      return undefined;
    },
    async close() {
      isClosing = true;
      await Promise.all([...running.values()].map(({ program }) => program.stop()));
    },
  };
}

function programOf(image: string): Program {
  const program = PROGRAMS[withoutTag(image)];
  if (program === undefined) throw new Error(`nothing stands for the image ${image}`);
  return program;
}

function withoutTag(image: string): string {
  const colon = image.lastIndexOf(":");
  return colon > image.lastIndexOf("/") ? image.slice(0, colon) : image;
}

function readEnv(
  text: string,
  translate: (text: string) => string,
): Readonly<Record<string, string>> {
  const lines = JSON.parse(text) as readonly string[];
  return Object.fromEntries(
    lines.map((line) => {
      const sign = line.indexOf("=");
      return [line.slice(0, sign), translate(line.slice(sign + 1))] as const;
    }),
  );
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
