import type { Bucket, ObjectDescription } from "./bucket.ts";
import { mapSome } from "./map-some.ts";
import type { BlobMetadata, NetlifyStore } from "./netlify-store.ts";

/** A store of Netlify Blobs behind R2's interface. What R2 tells of an object stands beside the blob, because Netlify tells none of it; so a list asks for each. */
export function openNetlifyBucket(store: NetlifyStore): Bucket {
  return {
    async get(key) {
      const found = await store.get(key);
      if (found === null) return null;
      const { answer, metadata } = found;
      return {
        ...describe(key, metadata),
        body: answer.body ?? new Blob([]).stream(),
        text: () => answer.text(),
        json: () => answer.json(),
        arrayBuffer: () => answer.arrayBuffer(),
      };
    },
    async head(key) {
      const found = await store.head(key);
      return found && describe(key, found);
    },
    async put(key, value, { httpMetadata = {} } = {}) {
      const { contentType = "application/octet-stream" } = httpMetadata;
      const body = await new Response(value).arrayBuffer();
      const digest = Buffer.from(await crypto.subtle.digest("SHA-256", body)).toString("hex");
      const metadata = {
        contentType,
        etag: digest.slice(0, 32),
        size: body.byteLength,
        uploaded: new Date().toISOString(),
      };
      await store.put(key, body, metadata);
      return describe(key, metadata);
    },
    async delete(keys) {
      await mapSome([keys].flat(), (key) => store.delete(key));
    },
    async list(options = {}) {
      const { keys, cursor } = await store.listKeys(options);
      const found = await mapSome(keys, async (key) => ({ key, metadata: await store.head(key) }));
      // One that went meanwhile is in no list.
      const objects = found.flatMap(({ key, metadata }) =>
        metadata === null ? [] : [describe(key, metadata)],
      );
      return cursor === undefined
        ? { objects, truncated: false }
        : { objects, truncated: true, cursor };
    },
  };
}

function describe(key: string, metadata: BlobMetadata): ObjectDescription {
  const { contentType, etag = "", size = 0, uploaded = 0 } = metadata;
  return {
    key,
    size: Number(size),
    etag: String(etag),
    httpEtag: `"${etag}"`,
    uploaded: new Date(String(uploaded)),
    httpMetadata: { contentType: typeof contentType === "string" ? contentType : undefined },
  };
}
