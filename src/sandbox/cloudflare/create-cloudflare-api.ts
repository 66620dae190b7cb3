import type { SandboxContext, Surface } from "../context.ts";
import type { DataPlane } from "../data-plane/data-plane.ts";
import { openApi } from "./api.ts";
import { describeBooks } from "./describe-books.ts";
import { describePlan } from "./describe-plan.ts";
import { createDispatcher } from "./dispatch.ts";
import { handleAdmin } from "./handle-admin.ts";
import { createRegistrar } from "./registrar.ts";
import { accountRoutes } from "./routes/account-routes.ts";
import { addressRoutes } from "./routes/address-routes.ts";
import { alertRoutes } from "./routes/alert-routes.ts";
import { assetRoutes } from "./routes/asset-routes.ts";
import { bucketRoutes } from "./routes/bucket-routes.ts";
import { databaseRoutes } from "./routes/database-routes.ts";
import { dnsRoutes } from "./routes/dns-routes.ts";
import { domainSettingsRoutes } from "./routes/domain-settings-routes.ts";
import { namespaceRoutes } from "./routes/namespace-routes.ts";
import { queueRoutes } from "./routes/queue-routes.ts";
import { registrarRoutes } from "./routes/registrar-routes.ts";
import { scriptRoutes } from "./routes/script-routes.ts";
import { secretRoutes } from "./routes/secret-routes.ts";
import { tokenRoutes } from "./routes/token-routes.ts";
import { triggerRoutes } from "./routes/trigger-routes.ts";
import { workerRoutes } from "./routes/worker-routes.ts";
import { zoneRoutes } from "./routes/zone-routes.ts";

/** Where the API is mounted. */
const PREFIX = "/client/v4";

/**
 * The Cloudflare API under `/client/v4/`. What is deployed through it runs in the data plane, which this surface fills at once from
 * its records and closes at the end. Its own admin paths are `/sandbox/cloudflare/*`; whoever mounts the surface checks the admin's
 * token first.
 */
export function createCloudflareApi(context: SandboxContext, plane: DataPlane): Surface {
  const api = openApi(context, plane);
  const registrar = createRegistrar(api);
  registrar.settleAll();
  plane.apply(describePlan(api));
  const dispatch = createDispatcher(api, [
    ...accountRoutes(api),
    ...tokenRoutes(api),
    ...databaseRoutes(api),
    ...bucketRoutes(api),
    ...namespaceRoutes(api),
    ...queueRoutes(api),
    ...scriptRoutes(api),
    ...secretRoutes(api),
    ...triggerRoutes(api),
    ...assetRoutes(api),
    ...workerRoutes(api),
    ...addressRoutes(api),
    ...zoneRoutes(api),
    ...dnsRoutes(api),
    ...registrarRoutes(api, registrar),
    ...domainSettingsRoutes(api, registrar),
    ...alertRoutes(api),
  ]);
  return {
    async handle(request, url) {
      if (url.pathname.startsWith("/sandbox/cloudflare/"))
        return handleAdmin(api, registrar, request, url);
      if (!url.pathname.startsWith(`${PREFIX}/`)) return undefined;
      const response = await dispatch(request, url, url.pathname.slice(PREFIX.length));
      const isChange = request.method !== "GET" && response.ok;
      if (isChange) plane.apply(describePlan(api));
      return response;
    },
    books: () => describeBooks(api),
    async close() {
      registrar.close();
      await plane.close();
    },
  };
}
