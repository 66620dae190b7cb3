import type { SandboxContext } from "../context.ts";
import type { ContainerHost } from "./container-host.ts";
import { containerRoutes } from "./container-routes.ts";
import { type DockerAnswer, type DockerRequest, type DockerRoute, refuse } from "./docker-route.ts";
import { imageRoutes, storageRoutes } from "./resource-routes.ts";

/** The part of the Docker Engine API (v1.47) that networks, volumes, images and containers need. */
export function createDockerRoutes(
  context: SandboxContext,
  host: ContainerHost,
): (request: DockerRequest) => Promise<DockerAnswer> {
  const routes: readonly DockerRoute[] = [
    ["GET", /^\/_ping$/, () => ({ status: 200 })],
    [
      "GET",
      /^\/version$/,
      () => ({ status: 200, body: { ApiVersion: "1.47", Version: "sandbox" } }),
    ],
    ...storageRoutes(context, host),
    ...imageRoutes(context, host),
    ...containerRoutes(context, host),
  ];
  return async (request) => {
    for (const [method, pattern, handle] of routes) {
      const match = method === request.method ? pattern.exec(request.path) : null;
      if (match === null) continue;
      const parts = match.slice(1).map(decode);
      return parts.every((part) => part !== undefined)
        ? handle(request, ...parts)
        : refuse(400, "the path is not percent-encoded text");
    }
    return refuse(404, "the sandbox does not serve this call");
  };
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
