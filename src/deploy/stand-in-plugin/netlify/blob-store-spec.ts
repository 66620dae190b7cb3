import { isProperties, readText } from "../property-names.ts";
import { callNetlify } from "./netlify-api.ts";
import type { NetlifySpec } from "./netlify-spec.ts";

/** The most calls of one removal, so that a wrong answer does not keep it going for ever. */
const ROUNDS_MAX = 1_000;

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
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const answer = await callNetlify(config, { method: "DELETE", path });
      if (!isProperties(answer) || typeof answer.blobs_deleted !== "number")
        throw new Error("the answer to the removal of the store does not say what went");
      if (answer.has_more !== true) return;
      if (answer.blobs_deleted === 0)
        throw new Error("the store still holds something, and nothing of it goes");
    }
    throw new Error(
      `the store still holds something after ${ROUNDS_MAX} calls; run it again to remove the rest`,
    );
  },
};
