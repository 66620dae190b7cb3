import type { Attribute, Attributes } from "../../../tfplugin/attribute.ts";

const required = (type: Attribute["type"]): Attribute => ({ type, mode: "required" });
const optional = (type: Attribute["type"]): Attribute => ({ type, mode: "optional" });
const text = required("string");
const textOrNone = optional("string");
const output: Attribute = { type: "string", mode: "computed" };

const BINDING: Attributes = {
  name: text,
  type: text,
  id: textOrNone,
  bucket_name: textOrNone,
  namespace_id: textOrNone,
  queue_name: textOrNone,
  service: textOrNone,
  text: { type: "string", mode: "optional", sensitive: true },
};

const ASSETS: Attributes = {
  directory: text,
  config: optional({
    nesting: "single",
    attributes: { html_handling: textOrNone, not_found_handling: textOrNone },
  }),
};

const CONSUMER_SETTINGS: Attributes = {
  batch_size: optional("number"),
  max_concurrency: optional("number"),
  max_retries: optional("number"),
  max_wait_time_ms: optional("number"),
  retry_delay: optional("number"),
};

/**
 * The arguments and outputs that our stacks use, as Cloudflare's provider 5 has them (registry page of each type). An argument that is not
 * here is refused by the engine by name.
 */
export const NATIVE_ATTRIBUTES: Readonly<Record<string, Attributes>> = {
  cloudflare_r2_bucket: {
    id: output,
    account_id: text,
    name: text,
    location: textOrNone,
    jurisdiction: textOrNone,
    storage_class: textOrNone,
  },
  cloudflare_d1_database: {
    id: output,
    uuid: output,
    account_id: text,
    name: text,
    primary_location_hint: textOrNone,
    jurisdiction: textOrNone,
  },
  cloudflare_workers_kv_namespace: { id: output, account_id: text, title: text },
  cloudflare_queue: { id: output, queue_id: output, account_id: text, queue_name: text },
  cloudflare_queue_consumer: {
    consumer_id: output,
    account_id: text,
    queue_id: text,
    type: text,
    script_name: textOrNone,
    dead_letter_queue: textOrNone,
    settings: optional({ nesting: "single", attributes: CONSUMER_SETTINGS }),
  },
  cloudflare_workers_script: {
    id: output,
    account_id: text,
    script_name: text,
    content: textOrNone,
    content_file: textOrNone,
    content_sha256: textOrNone,
    content_type: textOrNone,
    main_module: textOrNone,
    compatibility_date: textOrNone,
    compatibility_flags: optional(["list", "string"]),
    bindings: optional({ nesting: "list", attributes: BINDING }),
    assets: optional({ nesting: "single", attributes: ASSETS }),
  },
  cloudflare_workers_script_subdomain: {
    account_id: text,
    script_name: text,
    enabled: required("bool"),
    previews_enabled: optional("bool"),
  },
  cloudflare_workers_cron_trigger: {
    id: output,
    account_id: text,
    script_name: text,
    schedules: required({ nesting: "list", attributes: { cron: text } }),
  },
  cloudflare_workers_custom_domain: {
    id: output,
    account_id: text,
    hostname: text,
    service: text,
    zone_id: textOrNone,
    environment: textOrNone,
  },
  cloudflare_workers_route: { id: output, zone_id: text, pattern: text, script: textOrNone },
  cloudflare_dns_record: {
    id: output,
    zone_id: text,
    name: text,
    type: text,
    content: textOrNone,
    ttl: required("number"),
    priority: optional("number"),
    proxied: optional("bool"),
  },
  cloudflare_zone: {
    id: output,
    account: required({ nesting: "single", attributes: { id: text } }),
    name: text,
    type: textOrNone,
    paused: optional("bool"),
  },
};
