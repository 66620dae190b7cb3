import type { SandboxContext, Surface } from "./context.ts";

/**
 * Starts the vendors that have an API of their own: Cloudflare's, whose data plane takes the app port, and Netlify's and a container host's, whose sites and proxy answer there for hosts
 * that no Worker has.
 * Closing a surface closes what runs behind it.
 */
export async function startVendors(context: SandboxContext): Promise<readonly Surface[]> {
  const [
    { createDataPlane },
    { createCloudflareApi },
    { createCloudflareAccess },
    { createContainerHost },
    { createDockerApi },
    { createNetlifyApi },
  ] = await Promise.all([
    import("./data-plane/create-data-plane.ts"),
    import("./cloudflare/create-cloudflare-api.ts"),
    import("./cloudflare/access/create-cloudflare-access.ts"),
    import("./docker/container-host.ts"),
    import("./docker/create-docker-api.ts"),
    import("./netlify/create-netlify-api.ts"),
  ]);
  const host = await createContainerHost(context);
  const docker = await createDockerApi(context, host);
  const netlify = createNetlifyApi(context, host);
  const findUpstream = (name: string, path: string) =>
    netlify.findUpstream(name) ?? host.findUpstream(name, path);
  const plane = await createDataPlane(context, findUpstream).catch(async (error: unknown) => {
    await netlify.close();
    await docker.close();
    throw error;
  });
  try {
    const access = createCloudflareAccess(context);
    return [access, createCloudflareApi(context, plane), netlify, docker];
  } catch (error) {
    await plane.close();
    await netlify.close();
    await docker.close();
    throw error;
  }
}
