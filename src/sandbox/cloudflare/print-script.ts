import type { ScriptContent, ScriptRecord } from "./worker-records.ts";

/** A script with its bindings, as an upload answers and `services` shows it. */
export function printScript(script: ScriptRecord): object {
  const { content } = script;
  return {
    id: script.name,
    tag: script.tag,
    tags: script.tags,
    etag: content?.etag ?? "",
    handlers: content?.handlers ?? [],
    named_handlers: (content?.namedHandlers ?? []).map((name) => ({ name })),
    modified_on: script.modifiedOn,
    created_on: script.createdOn,
    usage_model: content?.usageModel ?? "standard",
    has_assets: content?.assets !== undefined,
    has_modules: content?.format !== "script",
    ...printDates(content),
    last_deployed_from: "api",
    logpush: script.logpush,
    startup_time_ms: 5,
    placement: script.placement ?? {},
    tail_consumers: script.tailConsumers,
    migration_tag: "",
    observability: script.observability ?? { enabled: false },
    annotations: { "workers/triggered_by": "upload" },
    bindings: content?.bindings ?? [],
  };
}

/** A script's settings; what was not configured is left out, because it would look like a change. */
export function printSettings(script: ScriptRecord): object {
  const { content, observability } = script;
  return {
    placement: script.placement ?? {},
    ...printDates(content),
    usage_model: content?.usageModel ?? "standard",
    tags: script.tags,
    tail_consumers: script.tailConsumers,
    logpush: script.logpush,
    ...(observability === undefined ? {} : { observability }),
    bindings: content?.bindings ?? [],
    annotations: { "workers/triggered_by": "upload" },
  };
}

function printDates(content: ScriptContent | undefined): object {
  const date = content?.compatibilityDate;
  return {
    ...(date === undefined ? {} : { compatibility_date: date }),
    compatibility_flags: content?.compatibilityFlags ?? [],
  };
}
