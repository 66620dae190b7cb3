import { hash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface PlayedDeploy {
  readonly id: string;
  readonly site: string;
  readonly title: string;
  readonly body: {
    readonly files: Readonly<Record<string, string>>;
    readonly functions: Readonly<Record<string, string>>;
    readonly function_schedules: readonly unknown[];
    readonly environment: readonly unknown[];
  };
  /** Digests that are asked for. */
  readonly missing: Set<string>;
  /** How often it was looked at since nothing is missing. */
  looks: number;
}

export interface PlayedNetlify {
  /** The base URL. */
  readonly url: string;
  readonly sites: Map<string, Record<string, unknown>>;
  readonly deploys: Map<string, PlayedDeploy>;
  /** `<site>/<store>` -> how many blobs are in it. */
  readonly stores: Map<string, number>;
  /** What was asked that changes something, without the base URL. */
  readonly calls: string[];
  /** Called when it has acted and before its answer leaves; its answer goes in place of that. */
  onAnswer: (call: string) => Promise<number | undefined>;
  close(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

const BASE = "/api/v1";
/** How many blobs go with one call. */
const GONE_AT_ONCE = 2;

/**
 * Plays Netlify's API with its state (https://github.com/netlify/open-api): a deploy asks only for what no deploy brought before, is ready when all is there, and is looked at
 * once before. Every name is one site's.
 */
export async function startNetlifyApi(token: string): Promise<PlayedNetlify> {
  const known = new Set<string>();
  const server = createServer(async (request, response) => {
    const bytes = await buffer(request);
    const url = new URL(request.url ?? "/", "http://x");
    const path = url.pathname.slice(BASE.length);
    if (request.method !== "GET") played.calls.push(`${request.method} ${path}`);
    const isAllowed = request.headers.authorization === `Bearer ${token}`;
    const reply = isAllowed
      ? answer(played, known, { request, path, query: url.searchParams, bytes })
      : { status: 401, body: { message: "canary-answer" } };
    const status = (await played.onAnswer(`${request.method} ${path}`)) ?? reply.status;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(reply.body === undefined ? "" : JSON.stringify(reply.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const played: PlayedNetlify = {
    url: `http://127.0.0.1:${port}${BASE}/`,
    ...{ sites: new Map(), deploys: new Map(), stores: new Map(), calls: [] },
    onAnswer: async () => undefined,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return played;
}

interface Asked {
  readonly request: IncomingMessage;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly bytes: Buffer;
}

const refused = (status: number): Reply => ({ status, body: { message: "canary-answer" } });

function answer(played: PlayedNetlify, known: Set<string>, asked: Asked): Reply {
  const { request, path, query, bytes } = asked;
  const parts = path.split("/").slice(1).map(decodeURIComponent);
  const [head, id = "", more, ...rest] = parts;
  const call = `${request.method} ${head}${more === undefined ? "" : `/${more}`}`;
  if (head === "sites" && id === "") return onSites(played, request.method, query, bytes);
  if (call === "PUT deploys/files" || call === "PUT deploys/functions") {
    const [algorithm, name] =
      more === "files" ? ["sha1", `/${rest.join("/")}`] : ["sha256", rest[0]];
    const deploy = played.deploys.get(id);
    const digest = hash(algorithm ?? "", bytes, "hex");
    const named = more === "files" ? deploy?.body.files : deploy?.body.functions;
    if (deploy === undefined || named?.[name ?? ""] !== digest) return refused(422);
    known.add(digest);
    deploy.missing.delete(digest);
    return { status: 200, body: { id: name } };
  }
  if (call.startsWith("DELETE blobs")) return onRemovedStore(played, `${id}/${more}`);
  if (call === "GET deploys") {
    const deploy = played.deploys.get(id);
    return deploy === undefined ? refused(404) : { status: 200, body: describe(deploy) };
  }
  const site = played.sites.get(id);
  if (head !== "sites" || site === undefined) return refused(404);
  return onSite(played, known, { ...asked, site, call, rest });
}

function onSites(
  { sites }: PlayedNetlify,
  method: string | undefined,
  query: URLSearchParams,
  bytes: Buffer,
): Reply {
  if (method === "GET")
    return {
      status: 200,
      body: [...sites.values()].filter(({ name }) =>
        String(name).startsWith(query.get("name") ?? ""),
      ),
    };
  const body = JSON.parse(bytes.toString()) as Record<string, unknown>;
  if ([...sites.values()].some(({ name }) => name === body.name)) return refused(422);
  const site = { id: `site-${sites.size + 1}-${body.name}`, ...body };
  sites.set(site.id, site);
  return { status: 201, body: site };
}

function onSite(
  { sites, deploys, stores }: PlayedNetlify,
  known: ReadonlySet<string>,
  {
    bytes,
    query,
    site,
    call,
    rest,
  }: Asked & {
    readonly site: Record<string, unknown>;
    readonly call: string;
    readonly rest: readonly string[];
  },
): Reply {
  const id = String(site.id);
  const [wanted] = rest;
  switch (call) {
    case "GET sites":
      return { status: 200, body: site };
    case "PATCH sites":
      Object.assign(site, JSON.parse(bytes.toString()));
      return { status: 200, body: site };
    case "DELETE sites":
      sites.delete(id);
      for (const [key, deploy] of deploys) if (deploy.site === id) deploys.delete(key);
      for (const key of stores.keys()) if (key.startsWith(`${id}/`)) stores.delete(key);
      return { status: 204 };
    case "GET sites/deploys": {
      const own = [...deploys.values()].filter(({ site: of }) => of === id);
      if (wanted === undefined) return { status: 200, body: own.map(describe) };
      const deploy = deploys.get(wanted);
      if (deploy === undefined) return refused(404);
      if (deploy.missing.size === 0) deploy.looks += 1;
      return { status: 200, body: describe(deploy) };
    }
    case "POST sites/deploys": {
      const body = JSON.parse(bytes.toString()) as PlayedDeploy["body"];
      const digests = [...Object.values(body.files), ...Object.values(body.functions)];
      const missing = new Set(digests.filter((digest) => !known.has(digest)));
      const title = query.get("title") ?? "";
      const deploy = { id: `deploy-${deploys.size + 1}`, site: id, title, body, missing, looks: 0 };
      deploys.set(deploy.id, deploy);
      return { status: 200, body: describe(deploy) };
    }
    default:
      return refused(404);
  }
}

function describe({ id, title, body, missing, looks }: PlayedDeploy): object {
  const state = missing.size > 0 ? "uploading" : looks < 2 ? "processing" : "ready";
  const of = (digests: Readonly<Record<string, string>>) =>
    Object.values(digests).filter((digest) => missing.has(digest));
  return { id, title, state, required: of(body.files), required_functions: of(body.functions) };
}

function onRemovedStore({ stores }: PlayedNetlify, key: string): Reply {
  const held = stores.get(key) ?? 0;
  const gone = Math.min(held, GONE_AT_ONCE);
  if (held === gone) stores.delete(key);
  else stores.set(key, held - gone);
  return { status: 200, body: { blobs_deleted: gone, has_more: held > gone } };
}
