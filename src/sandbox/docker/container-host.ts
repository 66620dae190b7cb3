import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SandboxContext } from "../context.ts";
import { endLeftover } from "../end-leftover.ts";
import { probePort } from "../listen.ts";
import { containerBase } from "./container-base.ts";
import { openContainerFolders } from "./container-folders.ts";
import { type ContainerRecord, type DockerRecords, openDockerRecords } from "./docker-records.ts";
import { openHostedDatabases } from "./hosted-databases.ts";
import { innerPath } from "./inner-path.ts";
import type { Program, RunningProgram } from "./program.ts";
import { findTarget, readCaddyfile } from "./programs/read-caddyfile.ts";
import { runNode } from "./programs/run-node.ts";
import { runPostgres } from "./programs/run-postgres.ts";
import { runProxy } from "./programs/run-proxy.ts";
import { runStore } from "./programs/run-store.ts";
import { SERVER_IDENTITY } from "./programs/server-identity.ts";
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
  const base = containerBase(home);
  const records = openDockerRecords(context.store);
  const running = new Map<string, Running>();
  const codes = new Map<string, Promise<number>>();
  let isClosing = false;

  const folders = openContainerFolders(base, SERVER_IDENTITY);
  const rootOf = folders.container;
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
    const root = folders.makeContainer(id);
    const readFile = (path: string) => readText(innerPath(root, path));
    const volumes = mounts.map(({ volume }) => folders.makeVolume(volume));
    const given = await hosted.reach(container, context.unseal(container.sealedEnv));
    const env = readEnv(given, (text) =>
      translateText(text, {
        ports: neighbours(container).flatMap((one) => {
          const { innerPort } = programOf(one.image);
          const outer = records.ports.get(one.name)?.port;
          return innerPort === undefined || outer === undefined
            ? []
            : [{ name: one.name, innerPort, port: outer }];
        }),
        folders: mounts.map(({ volume, path }) => ({ path, folder: folders.volume(volume) })),
      }),
    );
    const started = await program.start({
      ...{ container, root, volumes, env, port, findPort, readFile },
      findVolume: (path) => {
        const mount = mounts.find((one) => one.path === path || one.path.startsWith(`${path}/`));
        return mount && folders.volume(mount.volume);
      },
      makePrograms: folders.makePrograms,
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

  // Outside the home nothing is left behind that is not needed.
  const removeBase = (): void => {
    if (base !== home) folders.removeBase();
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

  const remove = async (id: string): Promise<void> => {
    await stop(id);
    records.containers.delete(id);
    folders.removeContainer(id);
  };

  const removeVolume = (name: string): void => {
    folders.removeVolume(name);
    records.volumes.delete(name);
  };

  const hosted = openHostedDatabases({
    ...{ context, records, remove, removeVolume },
    run: async (container) => (running.get(container.id) ?? (await launch(container))).program,
  });

  // Every program is told a folder of its container.
  for (const { id } of records.containers.list())
    endLeftover(pidFileOf(id), (command) => command.includes(base));
  for (const record of records.containers.list()) {
    // A database that an earlier one leads to is there by now.
    const isNeeded = record.isWanted && record.restarts && !running.has(record.id);
    if (isNeeded) await launch(record).catch(() => undefined);
  }
  await hosted.prune();
  removeBase();

  return {
    records,
    serves: (image) => Object.hasOwn(PROGRAMS, withoutTag(image)),
    fill(id, files) {
      for (const [path, content] of files) folders.writeFile(id, path, content);
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
      await remove(id);
      await hosted.prune();
      removeBase();
    },
    async wait(id) {
      return (await codes.get(id)) ?? records.containers.get(id)?.exitCode ?? 0;
    },
    state(id) {
      const entry = running.get(id);
      return { running: entry !== undefined, health: entry?.health ?? "none" };
    },
    removeVolume(name) {
      removeVolume(name);
      removeBase();
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
  const name = withoutTag(image);
  const program = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
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
