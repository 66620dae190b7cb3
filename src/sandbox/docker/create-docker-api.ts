import { chmodSync, existsSync, mkdirSync, rmdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { dirname } from "node:path";
import type { SandboxContext, Surface } from "../context.ts";
import type { ContainerHost } from "./container-host.ts";
import { type DockerAnswer, refuse } from "./docker-route.ts";
import { createDockerRoutes } from "./docker-routes.ts";
import { dockerSocket } from "./docker-socket.ts";

/** A bundle and its files are in memory at once. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * The Docker Engine API on a Unix socket of this user's alone: whoever reaches it can run programs. The socket's folder is short and follows from the home, because its path may have
 * no more than about 100 characters.
 */
export async function createDockerApi(
  context: SandboxContext,
  host: ContainerHost,
): Promise<Surface> {
  const socket = dockerSocket(context);
  const handle = createDockerRoutes(context, host);
  const server = createServer((incoming, outgoing) => {
    const answer = ({ status, body }: DockerAnswer): void => {
      outgoing.writeHead(status, { "content-type": "application/json" });
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    };
    const url = URL.parse(incoming.url ?? "/", "http://docker");
    if (url === null) return answer(refuse(400, "the request's target is no address"));
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BYTES) incoming.destroy();
      else chunks.push(chunk);
    });
    incoming.on("end", () => {
      const path = url.pathname.replace(/^\/v1\.\d+(?=\/)/, "");
      const body = Buffer.concat(chunks);
      handle({ method: incoming.method ?? "GET", path, query: url.searchParams, body }).then(
        answer,
        (error: unknown) =>
          answer(refuse(500, error instanceof Error ? error.message : "unexpected")),
      );
    });
  });
  await open(server, socket);
  return {
    handle: async () => undefined,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      removeSocket(socket);
      await host.close();
    },
  };
}

async function open(server: Server, socket: string): Promise<void> {
  removeSocket(socket);
  mkdirSync(dirname(socket), { mode: 0o700 });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socket, () => resolve());
  });
  chmodSync(socket, 0o600);
}

/** With its folder, in which nothing else is ours. */
function removeSocket(socket: string): void {
  rmSync(socket, { force: true });
  if (existsSync(dirname(socket))) rmdirSync(dirname(socket));
}
