import type { SandboxContext, Surface } from "./context.ts";

/**
 * Starts the vendors that have an API of their own: Cloudflare's, whose data plane takes the app port, and a container host's, whose proxy answers there for hosts that no Worker has.
 * Closing a surface closes what runs behind it.
 */
export async function startVendors(context: SandboxContext): Promise<readonly Surface[]> {
  const [
    { createDataPlane },
    { createCloudflareApi },
    { createCloudflareAccess },
    { createContainerHost },
    { createDockerApi },
  ] = await Promise.all([
    import("./data-plane/create-data-plane.ts"),
    import("./cloudflare/create-cloudflare-api.ts"),
    import("./cloudflare/access/create-cloudflare-access.ts"),
    import("./docker/container-host.ts"),
    import("./docker/create-docker-api.ts"),
  ]);
  const host = await createContainerHost(context);
  const docker = await createDockerApi(context, host);
  const plane = await createDataPlane(context, host.findUpstream).catch(async (error: unknown) => {
    await docker.close();
    throw error;
  });
  try {
    return [createCloudflareAccess(context), createCloudflareApi(context, plane), docker];
  } catch (error) {
    await plane.close();
    await docker.close();
    throw error;
  }
}
