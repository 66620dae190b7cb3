import { readFile } from "node:fs/promises";
import type { PlaneAssets } from "./plan.ts";
import { type AssetAnswer, findAsset, findFallback, isWorkerFirst } from "./resolve-asset.ts";

/**
 * What a request meets before the Worker: the answer of a static file, or undefined when the Worker is to answer.
 * A Worker of static files alone always answers here.
 */
export async function serveBeforeWorker(
  assets: PlaneAssets,
  request: Request,
  hasCode: boolean,
): Promise<Response | undefined> {
  const path = readPath(request);
  const isReading = request.method === "GET" || request.method === "HEAD";
  if (!hasCode) return serveAsset(assets, request);
  if (!isReading || path === undefined || isWorkerFirst(assets, path)) return undefined;
  const found = findAsset(assets, path);
  if (found.kind !== "none") return answer(found, request);
  // A page load of a single-page app gets its index page; other requests are the Worker's.
  const isNavigation = request.headers.get("sec-fetch-mode") === "navigate";
  if (!isNavigation || assets.notFoundHandling === "none") return undefined;
  const fallback = findFallback(assets, path);
  return fallback.kind === "none" ? undefined : answer(fallback, request);
}

/** The answer of `env.ASSETS.fetch(request)`, and of a Worker without code. */
export async function serveAsset(assets: PlaneAssets, request: Request): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD")
    return new Response("Method Not Allowed", { status: 405, headers: { allow: "GET, HEAD" } });
  const path = readPath(request);
  if (path === undefined) return new Response("Bad Request", { status: 400 });
  const found = findAsset(assets, path);
  return answer(found.kind === "none" ? findFallback(assets, path) : found, request);
}

function readPath(request: Request): string | undefined {
  try {
    return decodeURIComponent(new URL(request.url).pathname);
  } catch {
    return undefined;
  }
}

async function answer(found: AssetAnswer, request: Request): Promise<Response> {
  if (found.kind === "none") return new Response("Not Found", { status: 404 });
  if (found.kind === "redirect") {
    const location = encodeURI(found.path) + new URL(request.url).search;
    return new Response(null, { status: 307, headers: { location } });
  }
  const etag = `"${found.asset.etag}"`;
  const headers = {
    etag,
    "cache-control": "public, max-age=0, must-revalidate",
    "content-type": found.asset.contentType,
  };
  if (found.status === 200 && request.headers.get("if-none-match") === etag)
    return new Response(null, { status: 304, headers });
  const bytes = request.method === "HEAD" ? null : await readFile(found.asset.file);
  return new Response(bytes, { status: found.status, headers });
}
