import { listAt, memberAt } from "../../../util/json-access.ts";
import type { AskCloudflare } from "./open-cloudflare-source.ts";

/**
 * Ends what calls Workers: their custom domains, their routes in the zones, their names below `workers.dev`, their schedules. Code and data stay. What is gone already is no error. Facts:
 * https://developers.cloudflare.com/api/resources/workers.
 */
export async function quietWorkers(
  ask: AskCloudflare,
  scripts: readonly string[],
  zones: readonly string[],
): Promise<void> {
  for (const script of scripts) {
    const path = `/workers/scripts/${encodeURIComponent(script)}`;
    await ask(`${path}/schedules`, { method: "PUT", body: [] });
    const body = { enabled: false, previews_enabled: false };
    await ask(`${path}/subdomain`, { method: "POST", body });
  }
  for (const zone of zones) {
    const path = `/zones/${encodeURIComponent(zone)}/workers/routes`;
    for (const route of listAt((await ask(path))?.result) ?? [])
      if (scripts.includes(String(memberAt(route, "script"))))
        await ask(`${path}/${memberAt(route, "id")}`, { method: "DELETE" });
  }
  for (const domain of listAt((await ask("/workers/domains"))?.result) ?? [])
    if (scripts.includes(String(memberAt(domain, "service"))))
      await ask(`/workers/domains/${memberAt(domain, "id")}`, { method: "DELETE" });
}
