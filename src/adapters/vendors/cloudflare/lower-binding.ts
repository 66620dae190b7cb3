import type { ResourceKind, ResourceNode } from "../../../compiler/2-model/model.ts";
import type { LoweredValue } from "../contract.ts";
import { object, ref } from "../lowered-values.ts";

type BindNode = (node: ResourceNode) => Readonly<Record<string, LoweredValue>>;

const refuse: BindNode = ({ kind }) => {
  throw new Error(`a ${kind} offers nothing to bind`);
};

/** Fields of a binding per kind (Workers API, "Multipart upload metadata", bindings). */
const BINDINGS: Readonly<Record<ResourceKind, BindNode>> = {
  database: ({ name }) => ({ type: "d1", id: ref(name, "id") }),
  bucket: ({ name }) => ({ type: "r2_bucket", bucket_name: ref(name, "name") }),
  kv: ({ name }) => ({ type: "kv_namespace", namespace_id: ref(name, "id") }),
  queue: ({ name }) => ({ type: "queue", queue_name: ref(name, "queue_name") }),
  app: ({ name }) => ({ type: "service", service: ref(name, "script_name") }),
  secret: ({ name }) => ({ type: "secret_text", text: ref(name, "value") }),
  // One variable with the JSON of all credentials: their names are the provider's and known only once the service exists.
  service: ({ name }) => ({
    type: "secret_text",
    text: { kind: "json", value: ref(name, "credentials") },
  }),
  site: refuse,
  cron: refuse,
  domain: refuse,
  dns: refuse,
};

/** What the app finds in `variable`. A service's credentials arrive as the JSON text of one flat object. */
export function lowerBinding(variable: string, node: ResourceNode): LoweredValue {
  return object({ name: variable, ...BINDINGS[node.kind](node) });
}
