import { join } from "node:path";
import { openBlobStore } from "../cloudflare/blob-store.ts";
import { text } from "../cloudflare/body-fields.ts";
import type { SandboxContext, Surface, SurfaceBooks } from "../context.ts";
import { matchesCron } from "../data-plane/cron-expression.ts";
import { normaliseHost } from "../data-plane/match-host.ts";
import type { ContainerHost } from "../docker/container-host.ts";
import { answerDeploys } from "./deploy-calls.ts";
import { createDeployHost } from "./deploy-host.ts";
import { refuseCall } from "./netlify-answer.ts";
import type { NetlifyApi, NetlifyRequest } from "./netlify-api.ts";
import { type DeployRecord, openNetlifyRecords } from "./netlify-records.ts";
import { openNetlifyToken } from "./netlify-token.ts";
import { parseSchedule } from "./parse-schedule.ts";
import { answerSites, hostsOf } from "./site-calls.ts";
import { answerStore, answerStoreRemoval } from "./store-calls.ts";

const API = "/netlify/api/v1/";
const STORES = "/netlify/stores/";
const SCHEDULED = "/sandbox/netlify/scheduled";
const TICK_MS = 1_000;
const MINUTE_MS = 60_000;

/** Netlify's API below `/netlify/api/v1`, and its sites on the app port. */
export interface NetlifySurface extends Surface {
  /** The port at which the published deploy of a host's site answers. */
  findUpstream(host: string): number | undefined;
}

export function createNetlifyApi(context: SandboxContext, host: ContainerHost): NetlifySurface {
  const records = openNetlifyRecords(context.store);
  const blobs = openBlobStore(join(context.folder("netlify"), "blobs"));
  const api: NetlifyApi = {
    ...{ context, records, blobs },
    host: createDeployHost(context, records, { blobs, host }),
  };
  const token = openNetlifyToken(context);
  const stop = startTicking(api);
  return {
    async handle(request, url) {
      const { pathname } = url;
      if (pathname === SCHEDULED && request.method === "POST")
        return runScheduled(api, await request.json().catch(() => undefined));
      if (pathname.startsWith(STORES))
        return answerStore(api, await readRequest(request, url, STORES), request.headers);
      if (!pathname.startsWith(API)) return undefined;
      if (request.headers.get("authorization") !== `Bearer ${token}`)
        return refuseCall(401, "Access Denied");
      const call = await readRequest(request, url, API);
      for (const answer of [answerSites, answerDeploys, answerStoreRemoval]) {
        const response = await answer(api, call);
        if (response !== undefined) return response;
      }
      return refuseCall(404, "Not Found");
    },
    findUpstream(wanted) {
      const site = records.sites.list().find((one) => hostsOf(one).includes(normaliseHost(wanted)));
      return site?.published ? api.host.findPort(site.published) : undefined;
    },
    books: () => describeBooks(api),
    close: async () => stop(),
  };
}

async function readRequest(request: Request, url: URL, prefix: string): Promise<NetlifyRequest> {
  return {
    method: request.method,
    parts: url.pathname.slice(prefix.length).split("/").map(decodeURIComponent),
    query: url.searchParams,
    body: Buffer.from(await request.arrayBuffer()),
  };
}

/** Calls what is due in each minute that begins on the sandbox's clock. A jump of the clock calls those of its last minute. */
function startTicking(api: NetlifyApi): () => void {
  const minuteOf = () => Math.floor(api.context.now() / MINUTE_MS);
  let last = minuteOf();
  const ticker = setInterval(() => {
    const minute = minuteOf();
    if (minute === last) return;
    last = minute;
    for (const deploy of listPublished(api))
      for (const { name, cron } of deploy.schedules)
        if (isDue(cron, minute * MINUTE_MS))
          void api.host.callScheduled(deploy, name).catch(() => undefined);
  }, TICK_MS);
  ticker.unref();
  return () => clearInterval(ticker);
}

function isDue(cron: string, moment: number): boolean {
  const schedule = parseSchedule(cron);
  return schedule !== undefined && matchesCron(schedule, moment);
}

function listPublished({ records }: NetlifyApi): readonly DeployRecord[] {
  return records.sites.list().flatMap(({ published }) => {
    const deploy = published === null ? undefined : records.deploys.get(published);
    return deploy === undefined ? [] : [deploy];
  });
}

/** `{site, function}`, by their names: calls a scheduled function now. */
async function runScheduled(api: NetlifyApi, body: unknown): Promise<Response> {
  const site = api.records.sites.list().find(({ name }) => name === text(body, "site"));
  const name = text(body, "function");
  const deploy = listPublished(api).find(({ siteId }) => siteId === site?.id);
  const isScheduled = deploy?.schedules.some((one) => one.name === name) ?? false;
  if (deploy === undefined || name === undefined || !isScheduled)
    return Response.json({ ok: false, message: "no such function" }, { status: 400 });
  return Response.json({ ok: true, status: await api.host.callScheduled(deploy, name) });
}

function describeBooks({ records }: NetlifyApi): SurfaceBooks {
  return {
    inventory: [
      ...records.sites.list().map(({ id, name, published }) => ({
        ...{ provider: "netlify", kind: "site", id, name, published },
      })),
      ...records.deploys.list().map(({ id, siteId, state }) => ({
        ...{ provider: "netlify", kind: "deploy", id, site: siteId, state },
      })),
    ],
  };
}
