import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { createSiteAnswer, type SiteFiles } from "./create-site-answer.ts";

/** A site as an HTTP function of Cloud Run functions, `app`. */
export function handleGoogleSite(site: SiteFiles): {
  app(request: IncomingMessage, response: ServerResponse): Promise<void>;
} {
  // The platform's own classes stay as they are.
  return { app: getRequestListener(createSiteAnswer(site), { overrideGlobalObjects: false }) };
}
