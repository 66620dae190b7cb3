import type { AppNode } from "../../../compiler/2-model/model.ts";
import type { LoweredResource, LoweredValue } from "../contract.ts";
import { object, ref } from "../lowered-values.ts";
import { vendorName } from "../vendor-name.ts";
import { lowerBinding } from "./lower-binding.ts";
import { lowerText, webUrl } from "./lower-text.ts";
import { lowerWebAccess } from "./lower-web-access.ts";
import { accountResource, type Context, type LowerNode } from "./lowering.ts";

/** The runtime's behaviour is that of this day, until we move it on purpose (Workers docs, "Compatibility dates"). */
export const COMPATIBILITY_DATE = "2026-07-01";

/** Cloudflare's defaults, stated because they are read back. */
const CONSUMER_SETTINGS = object({ batch_size: 10, max_retries: 3, max_wait_time_ms: 5000 });

/** A Worker with its bindings, the ways to it and the queues it receives. */
export const lowerApp: LowerNode<AppNode> = (context, node) => {
  const { name } = node;
  const access = lowerWebAccess(context, node);
  const consumers = node.consumes.map(({ resource }) => lowerConsumer(name, resource));
  const consumerGrants = consumers.map(
    () => ({ group: "Queues Write", scope: "account" }) as const,
  );
  return {
    resources: [lowerScript(context, node), ...access.resources, ...consumers],
    artifacts: [{ kind: "bundle", name, source: node.source, entry: node.entry }],
    grants: [
      { group: "Workers Scripts Write", scope: "account" },
      ...access.grants,
      ...consumerGrants,
    ],
    prices: [{ service: "cloudflare/workers", category: "compute", irreversible: false }],
    url: webUrl(context, node),
  };
};

function lowerScript(context: Context, node: AppNode): LoweredResource {
  const bindings = lowerBindings(context, node);
  return accountResource(node.name, node.name, "cloudflare_workers_script", {
    script_name: vendorName(context.model, node.name),
    content_file: { kind: "artifact", artifact: node.name, field: "path" },
    content_sha256: { kind: "artifact", artifact: node.name, field: "sha256" },
    main_module: "worker.js",
    compatibility_date: COMPATIBILITY_DATE,
    compatibility_flags: ["nodejs_compat"],
    ...(bindings.length > 0 && { bindings }),
  });
}

function lowerBindings(context: Context, node: AppNode): readonly LoweredValue[] {
  const bound = node.bind.map(({ variable, resource }) => {
    const target = context.nodes.get(resource);
    if (target === undefined) throw new Error(`no resource ${resource}`);
    return lowerBinding(variable, target);
  });
  const plain = node.env.map(({ variable, value }) =>
    object({ name: variable, type: "plain_text", text: lowerText(context, value) }),
  );
  return [...bound, ...plain];
}

function lowerConsumer(app: string, queue: string): LoweredResource {
  return accountResource(`${app}.consumer.${queue}`, app, "cloudflare_queue_consumer", {
    queue_id: ref(queue, "queue_id"),
    type: "worker",
    script_name: ref(app, "script_name"),
    settings: CONSUMER_SETTINGS,
  });
}
