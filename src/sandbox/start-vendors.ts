import type { SandboxContext, Surface } from "./context.ts";

/** Starts the vendors that have an API of their own: Cloudflare's, whose data plane takes the app port. Closing the surface closes the data plane. */
export async function startVendors(context: SandboxContext): Promise<readonly Surface[]> {
  const [{ createDataPlane }, { createCloudflareApi }, { createCloudflareAccess }] =
    await Promise.all([
      import("./data-plane/create-data-plane.ts"),
      import("./cloudflare/create-cloudflare-api.ts"),
      import("./cloudflare/access/create-cloudflare-access.ts"),
    ]);
  const plane = await createDataPlane(context);
  try {
    return [createCloudflareAccess(context), createCloudflareApi(context, plane)];
  } catch (error) {
    await plane.close();
    throw error;
  }
}
