import { type ApiConfig, callCloudflare } from "../cloudflare-api.ts";
import { type Properties, readText } from "../property-names.ts";
import type { ResourceSpec } from "../resource-spec.ts";
import { uploadScript } from "../upload-script.ts";
import { simpleSpec } from "./simple-spec.ts";

const workers = (inputs: Properties) => `/accounts/${readText(inputs, "accountId")}/workers`;
const script = (inputs: Properties) =>
  `${workers(inputs)}/scripts/${readText(inputs, "scriptName")}`;

const scriptSpec: ResourceSpec = {
  token: "workersScript:WorkersScript",
  replaceOn: ["accountId", "scriptName"],
  async create(inputs, config) {
    return { id: readText(inputs, "scriptName"), result: await uploadScript(inputs, config) };
  },
  read: (_id, inputs) => ({ method: "GET", path: `${script(inputs)}/settings` }),
  update: (_id, inputs, config) => uploadScript(inputs, config),
  remove: (_id, inputs) => ({ method: "DELETE", path: script(inputs) }),
  // Secret values never come back and the module's text is known by its digest; the date is what can be compared.
  reflect: (result) => ({ compatibility_date: result.compatibility_date }),
};

const cronSpec: ResourceSpec = {
  token: "workersCronTrigger:WorkersCronTrigger",
  replaceOn: ["accountId", "scriptName"],
  async create(inputs, config) {
    const result = await putSchedules(inputs, config);
    return { id: readText(inputs, "scriptName"), result };
  },
  read: (_id, inputs) => ({ method: "GET", path: `${script(inputs)}/schedules` }),
  update: (_id, inputs, config) => putSchedules(inputs, config),
};

function putSchedules(inputs: Properties, config: ApiConfig): Promise<unknown> {
  return callCloudflare(config, {
    method: "PUT",
    path: `${script(inputs)}/schedules`,
    body: inputs.schedules,
  });
}

export const WORKER_SPECS: readonly ResourceSpec[] = [
  scriptSpec,
  cronSpec,
  simpleSpec({
    token: "workersScriptSubdomain:WorkersScriptSubdomain",
    replaceOn: ["accountId", "scriptName"],
    collection: (inputs) => `${script(inputs)}/subdomain`,
    item: (_id, inputs) => `${script(inputs)}/subdomain`,
    id: (inputs) => readText(inputs, "scriptName"),
    pathInputs: ["accountId", "scriptName"],
    updateMethod: "POST",
  }),
  simpleSpec({
    token: "workersCustomDomain:WorkersCustomDomain",
    replaceOn: ["accountId", "hostname", "service", "zoneId", "environment"],
    createMethod: "PUT",
    collection: (inputs) => `${workers(inputs)}/domains`,
    item: (id, inputs) => `${workers(inputs)}/domains/${id}`,
    pathInputs: ["accountId"],
  }),
];
