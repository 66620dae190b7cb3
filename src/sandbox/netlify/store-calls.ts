import { readFileSync } from "node:fs";
import { refuseCall } from "./netlify-answer.ts";
import type { AnswerNetlify, NetlifyApi, NetlifyRequest } from "./netlify-api.ts";
import type { BlobRecord } from "./netlify-records.ts";

/** The most blobs of a page, and of one call that removes a store. */
const PAGE = 100;
const METADATA = "x-amz-meta-user";

/** Removes a store through the API, some blobs at a time (`@netlify/blobs`, `deleteAll`). */
export const answerStoreRemoval: AnswerNetlify = async (api, { method, parts }) => {
  const [head, site = "", store, ...rest] = parts;
  if (method !== "DELETE" || head !== "blobs" || store === undefined || rest.length > 0)
    return undefined;
  if (api.records.sites.get(site) === undefined) return refuseCall(404, "Not Found");
  const all = listBlobs(api, `${site}/${store}/`);
  const gone = all.slice(0, PAGE);
  for (const { id } of gone) api.records.blobs.delete(id);
  return Response.json({ blobs_deleted: gone.length, has_more: all.length > gone.length });
};

/** What a site's functions ask of its stores, with the site's own token (`@netlify/blobs`, edge access). */
export function answerStore(api: NetlifyApi, request: NetlifyRequest, headers: Headers): Response {
  const { method, parts, query, body } = request;
  const [site = "", store = "", ...key] = parts;
  const found = api.records.sites.get(site);
  const isOwn =
    found !== undefined &&
    headers.get("authorization") === `Bearer ${api.context.unseal(found.sealedStoreToken)}`;
  if (!isOwn) return new Response(null, { status: 401 });
  const prefix = `${site}/${store}/`;
  if (key.length === 0) return method === "GET" ? list(api, prefix, query) : refuseMethod();
  const id = prefix + key.join("/");
  const blob = api.records.blobs.get(id);
  switch (method) {
    case "PUT":
      if (!isWanted(headers.get("if-match"), blob)) return new Response(null, { status: 412 });
      api.records.blobs.put(id, {
        ...{ id, key: key.join("/"), hash: api.blobs.put(body) },
        metadata: headers.get(METADATA) ?? "",
      });
      return new Response(null, { headers: { etag: etagOf(api.records.blobs.get(id)) } });
    case "DELETE":
      api.records.blobs.delete(id);
      return new Response(null, { status: 204 });
    case "GET":
    case "HEAD":
      if (blob === undefined) return new Response(null, { status: 404 });
      return new Response(method === "HEAD" ? null : readFileSync(api.blobs.path(blob.hash)), {
        headers: { [METADATA]: blob.metadata, etag: etagOf(blob) },
      });
    default:
      return refuseMethod();
  }
}

function list(api: NetlifyApi, prefix: string, query: URLSearchParams): Response {
  const all = listBlobs(api, prefix + (query.get("prefix") ?? ""));
  const start = Number(query.get("cursor") ?? 0);
  const page = all.slice(start, start + PAGE);
  return Response.json({
    blobs: page.map((blob) => ({ key: blob.key, etag: etagOf(blob) })),
    directories: [],
    ...(start + PAGE < all.length && { next_cursor: String(start + PAGE) }),
  });
}

/** That of its content, so that the same bytes have the same. */
function etagOf(blob: BlobRecord | undefined): string {
  return blob === undefined ? "" : `"${blob.hash}"`;
}

/** `onlyIfMatch` of the client. */
function isWanted(etag: string | null, blob: BlobRecord | undefined): boolean {
  return etag === null || (blob !== undefined && etag === etagOf(blob));
}

function listBlobs({ records }: NetlifyApi, prefix: string): readonly BlobRecord[] {
  return records.blobs.list().filter(({ id }) => id.startsWith(prefix));
}

function refuseMethod(): Response {
  return new Response(null, { status: 405 });
}
