import type { Json } from "../../util/canonical-json.ts";
import type { Api } from "./api.ts";
import { type Body, isBody, text } from "./body-fields.ts";
import type { ScriptContent } from "./worker-records.ts";

/** Bindings without the texts of secrets, which are sealed beside them. */
export type Bindings = Pick<ScriptContent, "bindings" | "secrets">;

/** Why an upload is refused: a code of the Workers API and words. */
export interface Refusal {
  readonly code: number;
  readonly message: string;
}

/** Code of an upload that does not hold together (Workers docs, error 10021). */
export const INVALID_SCRIPT = 10021;

/**
 * Reads `bindings` of an upload. What they name must exist in the account. `keep_bindings` and bindings of type `inherit` take theirs from the
 * `earlier` upload.
 */
export function readBindings(
  api: Api,
  accountId: string,
  metadata: Body,
  earlier: ScriptContent | undefined,
): Bindings | Refusal {
  const given = Array.isArray(metadata.bindings) ? metadata.bindings.filter(isBody) : [];
  const keptTypes = Array.isArray(metadata.keep_bindings) ? metadata.keep_bindings : [];
  const names = new Set(given.map((binding) => text(binding, "name")));
  const kept = (earlier?.bindings ?? []).filter(
    (binding) => keptTypes.includes(binding.type) && !names.has(text(binding, "name")),
  );
  const bindings: Body[] = [];
  const secrets: Record<string, string> = {};
  for (const binding of [...given, ...kept]) {
    const isInherited = binding.type === "inherit" || kept.includes(binding);
    const source = isInherited ? findEarlier(binding, earlier) : binding;
    const name = text(binding, "name");
    if (source === undefined || name === undefined || name === "")
      return {
        code: INVALID_SCRIPT,
        message: `binding ${name ?? ""} has nothing to inherit or no name`,
      };
    const refusal = checkBinding(api, accountId, source);
    if (refusal !== undefined) return refusal;
    const { text: secret, ...rest } = source;
    if (source.type !== "secret_text") bindings.push({ ...source, name });
    else {
      const sealed =
        typeof secret === "string"
          ? api.context.seal(secret)
          : earlier?.secrets[text(source, "name") ?? ""];
      if (sealed === undefined)
        return { code: INVALID_SCRIPT, message: `secret ${name} has no text` };
      secrets[name] = sealed;
      bindings.push({ ...rest, name });
    }
  }
  const isDouble = new Set(bindings.map((binding) => binding.name)).size < bindings.length;
  return isDouble
    ? { code: INVALID_SCRIPT, message: "two bindings have one name" }
    : { bindings, secrets };
}

function findEarlier(binding: Body, earlier: ScriptContent | undefined): Body | undefined {
  const name = text(binding, "old_name") ?? text(binding, "name");
  return earlier?.bindings.find((other) => other.name === name);
}

function checkBinding(api: Api, accountId: string, binding: Body): Refusal | undefined {
  const { records } = api;
  const name = text(binding, "name");
  const has = (member: string) => text(binding, member) ?? "";
  const isOwn = (record: { readonly accountId: string } | undefined) =>
    record?.accountId === accountId;
  switch (binding.type) {
    case "d1":
      return isOwn(records.databases.get(has("id") || has("database_id")))
        ? undefined
        : {
            code: INVALID_SCRIPT,
            message: `binding ${name} of type d1 must have a database that already exists`,
          };
    case "r2_bucket":
      return records.buckets.get(`${accountId}/${has("bucket_name")}`)
        ? undefined
        : { code: 10085, message: `R2 bucket '${has("bucket_name")}' not found` };
    case "kv_namespace":
      return isOwn(records.namespaces.get(has("namespace_id")))
        ? undefined
        : { code: 10041, message: `KV namespace '${has("namespace_id")}' not found` };
    case "queue":
      return records.queues.list().some((queue) => isOwn(queue) && queue.name === has("queue_name"))
        ? undefined
        : { code: 11000, message: `Queue '${has("queue_name")}' does not exist` };
    case "service":
      return records.scripts.get(`${accountId}/${has("service")}`)
        ? undefined
        : {
            code: 10143,
            message: `Could not resolve service binding '${name}': script '${has("service")}' not found`,
          };
    case "plain_text":
      return typeof binding.text === "string"
        ? undefined
        : { code: INVALID_SCRIPT, message: `binding ${name} has no text` };
    case "json":
      return (binding.json as Json | undefined) === undefined
        ? { code: INVALID_SCRIPT, message: `binding ${name} has no json` }
        : undefined;
    case "secret_text":
    case "assets":
      return undefined;
    default:
      return {
        code: INVALID_SCRIPT,
        message: `the sandbox runs no bindings of type ${String(binding.type)}`,
      };
  }
}
