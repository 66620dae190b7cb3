import { callCloudflare } from "../cloudflare-api.ts";
import { type Properties, readText } from "../property-names.ts";
import type { ResourceSpec } from "../resource-spec.ts";
import { simpleSpec } from "./simple-spec.ts";

const zone = (inputs: Properties) => `/zones/${readText(inputs, "zoneId")}`;

export const ZONE_SPECS: readonly ResourceSpec[] = [
  simpleSpec({
    token: "dnsRecord:DnsRecord",
    replaceOn: ["zoneId"],
    collection: (inputs) => `${zone(inputs)}/dns_records`,
    item: (id, inputs) => `${zone(inputs)}/dns_records/${id}`,
    pathInputs: ["zoneId"],
    updateMethod: "PUT",
    find: {
      list: (inputs) =>
        `${zone(inputs)}/dns_records?name=${encodeURIComponent(readText(inputs, "name"))}`,
      equal: { name: "name", type: "type", content: "content" },
    },
  }),
  simpleSpec({
    token: "workersRoute:WorkersRoute",
    replaceOn: ["zoneId"],
    collection: (inputs) => `${zone(inputs)}/workers/routes`,
    item: (id, inputs) => `${zone(inputs)}/workers/routes/${id}`,
    pathInputs: ["zoneId"],
    updateMethod: "PUT",
    find: {
      list: (inputs) => `${zone(inputs)}/workers/routes`,
      equal: { pattern: "pattern" },
    },
  }),
  {
    ...simpleSpec({
      token: "zone:Zone",
      replaceOn: ["account", "name", "type"],
      collection: () => "/zones",
      item: (id) => `/zones/${id}`,
      pathInputs: [],
      find: {
        list: (inputs) => `/zones?name=${encodeURIComponent(readText(inputs, "name"))}`,
        equal: { name: "name" },
      },
    }),
    update: (id, inputs, config) =>
      callCloudflare(config, {
        method: "PATCH",
        path: `/zones/${id}`,
        body: { paused: inputs.paused ?? false },
      }),
  },
];
