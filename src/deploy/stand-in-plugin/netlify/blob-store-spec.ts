import { isProperties, readText } from "../property-names.ts";
import { callNetlify } from "./netlify-api.ts";
import type { NetlifySpec } from "./netlify-spec.ts";

/** https://www.npmjs.com/package/@netlify/blobs; Netlify makes a store with the first thing that is written to it. */
export const BLOB_STORE_SPEC: NetlifySpec = {
  create: async (_config, inputs) => `${readText(inputs, "siteId")}/${readText(inputs, "name")}`,
  async read(config, _id, inputs) {
    await callNetlify(config, { method: "GET", path: `/sites/${readText(inputs, "siteId")}` });
    return inputs;
  },
  async remove(config, _id, inputs) {
    const name = encodeURIComponent(readText(inputs, "name"));
    const path = `/blobs/${readText(inputs, "siteId")}/site:${name}`;
    for (let isMore = true; isMore; ) {
      const answer = await callNetlify(config, { method: "DELETE", path });
      if (!isProperties(answer) || typeof answer.blobs_deleted !== "number")
        throw new Error("the answer to the removal of the store does not say what went");
      isMore = answer.has_more === true;
      if (isMore && answer.blobs_deleted === 0)
        throw new Error("the store still holds something, and nothing of it goes");
    }
  },
};
