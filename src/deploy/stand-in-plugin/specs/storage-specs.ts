import { callCloudflare, callUnlessGone } from "../cloudflare-api.ts";
import { type Properties, readText } from "../property-names.ts";
import type { ResourceSpec } from "../resource-spec.ts";
import { simpleSpec } from "./simple-spec.ts";

const account = (inputs: Properties) => `/accounts/${readText(inputs, "accountId")}`;

const bucket = simpleSpec({
  token: "r2Bucket:R2Bucket",
  replaceOn: ["accountId", "name", "location", "jurisdiction"],
  collection: (inputs) => `${account(inputs)}/r2/buckets`,
  item: (id, inputs) => `${account(inputs)}/r2/buckets/${id}`,
  id: (inputs) => readText(inputs, "name"),
  pathInputs: ["accountId", "jurisdiction"],
  wireNames: { location: "locationHint", storageClass: "storageClass" },
  // The hint `weur` comes back as the place `WEUR`.
  reflect: (result) => ({
    ...result,
    location: String(result.location ?? "").toLowerCase() || undefined,
  }),
});

export const STORAGE_SPECS: readonly ResourceSpec[] = [
  {
    ...bucket,
    // The name is the id, so the item itself tells whether it is there.
    async find(inputs, config) {
      const id = readText(inputs, "name");
      const found = await callUnlessGone(config, bucket.read(id, inputs));
      return found === undefined ? undefined : { id, result: found };
    },
    // The storage class travels in a header, without body.
    update: (id, inputs, config) =>
      callCloudflare(config, {
        method: "PATCH",
        path: `${account(inputs)}/r2/buckets/${id}`,
        headers: { "cf-r2-storage-class": String(inputs.storageClass ?? "Standard") },
      }),
  },
  simpleSpec({
    token: "d1Database:D1Database",
    replaceOn: ["accountId", "name", "primaryLocationHint", "jurisdiction"],
    collection: (inputs) => `${account(inputs)}/d1/database`,
    item: (id, inputs) => `${account(inputs)}/d1/database/${id}`,
    id: "uuid",
    pathInputs: ["accountId"],
    updateMethod: "PUT",
    find: {
      list: (inputs) =>
        `${account(inputs)}/d1/database?name=${encodeURIComponent(readText(inputs, "name"))}`,
      equal: { name: "name" },
    },
  }),
  simpleSpec({
    token: "workersKvNamespace:WorkersKvNamespace",
    replaceOn: ["accountId"],
    collection: (inputs) => `${account(inputs)}/storage/kv/namespaces`,
    item: (id, inputs) => `${account(inputs)}/storage/kv/namespaces/${id}`,
    pathInputs: ["accountId"],
    updateMethod: "PUT",
    find: {
      list: (inputs) => `${account(inputs)}/storage/kv/namespaces?per_page=1000`,
      equal: { title: "title" },
    },
  }),
  simpleSpec({
    token: "queue:Queue",
    replaceOn: ["accountId"],
    collection: (inputs) => `${account(inputs)}/queues`,
    item: (id, inputs) => `${account(inputs)}/queues/${id}`,
    id: "queue_id",
    pathInputs: ["accountId"],
    updateMethod: "PUT",
    find: {
      list: (inputs) => `${account(inputs)}/queues?per_page=100`,
      equal: { queueName: "queue_name" },
    },
  }),
  simpleSpec({
    token: "queueConsumer:QueueConsumer",
    replaceOn: ["accountId", "queueId"],
    collection: (inputs) => `${account(inputs)}/queues/${readText(inputs, "queueId")}/consumers`,
    item: (id, inputs) =>
      `${account(inputs)}/queues/${readText(inputs, "queueId")}/consumers/${id}`,
    id: "consumer_id",
    pathInputs: ["accountId", "queueId"],
    updateMethod: "PUT",
    find: {
      list: (inputs) => `${account(inputs)}/queues/${readText(inputs, "queueId")}/consumers`,
      equal: { scriptName: "script_name" },
    },
  }),
];
