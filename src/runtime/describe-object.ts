import type { ObjectDescription } from "./bucket.ts";

/** What the headers of a store's answer say of an object. */
export function describeObject(key: string, headers: Headers): ObjectDescription {
  const httpEtag = headers.get("etag") ?? "";
  return {
    key,
    size: Number(headers.get("content-length") ?? 0),
    etag: httpEtag.replaceAll('"', ""),
    httpEtag,
    uploaded: new Date(headers.get("last-modified") ?? headers.get("date") ?? Date.now()),
    httpMetadata: { contentType: headers.get("content-type") ?? undefined },
  };
}
