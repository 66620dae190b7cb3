import type { Api } from "./api.ts";
import { text } from "./body-fields.ts";
import type { Registrar } from "./registrar.ts";

/**
 * What people and registries do outside the API: `POST /sandbox/cloudflare/scheduled {script, cron?}` calls a Worker's `scheduled` handler now,
 * `POST /sandbox/cloudflare/registrations {accountId, domain}` lets a registration go on that needs a person or waits for its registry.
 */
export async function handleAdmin(
  api: Api,
  registrar: Registrar,
  request: Request,
  url: URL,
): Promise<Response | undefined> {
  const route = `${request.method} ${url.pathname}`;
  if (route === "POST /sandbox/cloudflare/scheduled") {
    const body: unknown = await request.json().catch(() => undefined);
    const outcome = await api.plane.runScheduled(text(body, "script") ?? "", text(body, "cron"));
    return Response.json(outcome, { status: outcome.ok ? 200 : 400 });
  }
  if (route === "POST /sandbox/cloudflare/registrations") {
    const body: unknown = await request.json().catch(() => undefined);
    const record = registrar.resume(text(body, "accountId") ?? "", text(body, "domain") ?? "");
    return record === undefined
      ? Response.json({ error: "no such registration" }, { status: 404 })
      : Response.json({ domain: record.domain, state: record.state });
  }
  return undefined;
}
