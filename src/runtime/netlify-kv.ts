import { kvExpiry } from "./kv-expiry.ts";
import { mapSome } from "./map-some.ts";
import type { BlobMetadata, NetlifyStore } from "./netlify-store.ts";
import type { PostgresKv } from "./postgres-kv.ts";
import { readKvValue } from "./read-kv-value.ts";

/** A store of Netlify Blobs behind Workers KV's interface, read at once by all. What expired is not seen any more, and goes when its key is written again. A list asks for each key. */
export function openNetlifyKv(store: NetlifyStore): PostgresKv {
  const find: PostgresKv["getWithMetadata"] = async (key, type = "text") => {
    const found = await store.get(key);
    if (found === null || isOver(found.metadata)) return { value: null, metadata: null };
    const wanted = typeof type === "string" ? type : (type.type ?? "text");
    const bytes = new Uint8Array(await found.answer.arrayBuffer());
    return { value: await readKvValue(bytes, wanted), metadata: found.metadata.metadata ?? null };
  };
  return {
    get: async (key, type) => (await find(key, type)).value,
    getWithMetadata: find,
    async put(key, value, options = {}) {
      const { metadata } = options;
      const expires = kvExpiry(options);
      await store.put(key, await new Response(value).arrayBuffer(), {
        ...(metadata !== undefined && { metadata }),
        ...(expires !== undefined && { expires }),
      });
    },
    delete: (key) => store.delete(key),
    async list(options = {}) {
      const { keys: names, cursor } = await store.listKeys(options);
      const found = await mapSome(names, async (name) => ({ name, kept: await store.head(name) }));
      const keys = found.flatMap(({ name, kept }) =>
        kept === null || isOver(kept)
          ? []
          : [{ name, ...(kept.metadata !== undefined && { metadata: kept.metadata }) }],
      );
      return cursor === undefined
        ? { keys, list_complete: true }
        : { keys, list_complete: false, cursor };
    },
  };
}

function isOver({ expires }: BlobMetadata): boolean {
  return typeof expires === "number" && expires <= Date.now() / 1000;
}
