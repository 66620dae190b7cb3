import { createHash } from "node:crypto";
import type { Fetch } from "../../../util/fetch-json.ts";
import { listAt, memberAt } from "../../../util/json-access.ts";
import type { Secret } from "../../../util/secret.ts";
import { type MigrationSource, SourceError } from "../migration-source.ts";
import { quietWorkers } from "./quiet-workers.ts";

/** Milliseconds for one exchange. */
const TIMEOUT_MS = 60_000;
/** Of one page: the most of the API. */
const PAGE_SIZE = 1_000;

/** One exchange with the API; what is absent there (404) answers undefined. @throws SourceError */
export type AskCloudflare = (
  path: string,
  init?: { readonly method?: string; readonly body?: unknown },
) => Promise<{ readonly result: unknown; readonly info: unknown } | undefined>;

/**
 * Reads what a stack keeps at Cloudflare, by the names it has there, with the stack's own token. D1 through `query`, R2 through its objects, KV through keys and values. Facts:
 * https://developers.cloudflare.com/api/resources/d1, .../r2, .../kv, .../queues (`metrics`).
 */
export function openCloudflareSource(input: {
  readonly endpoint: string;
  readonly credential: Secret;
  readonly accountId: string;
  readonly fetch: Fetch;
}): MigrationSource {
  const { endpoint, credential, accountId, fetch } = input;
  const base = `${endpoint}/accounts/${encodeURIComponent(accountId)}`;
  const send = async (path: string, init: RequestInit): Promise<Response | undefined> => {
    const headers = { ...init.headers, authorization: `Bearer ${credential.reveal()}` };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const url = path.startsWith("/zones/") ? `${endpoint}${path}` : `${base}${path}`;
    // The credential goes to nobody whom the API names instead of itself.
    const answer = await fetch(url, { ...init, headers, signal, redirect: "manual" }).catch(() => {
      throw new SourceError("unreachable");
    });
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new SourceError(`status-${answer.status}`);
    return answer;
  };
  const ask: AskCloudflare = async (path, { method = "GET", body } = {}) => {
    const answer = await send(path, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
    });
    if (answer === undefined) return undefined;
    // A text that is no JSON is the vendor's, and is told to nobody.
    const value: unknown = await answer.json().catch(() => undefined);
    if (memberAt(value, "success") !== true) throw new SourceError("malformed");
    return { result: memberAt(value, "result"), info: memberAt(value, "result_info") };
  };
  const find = async (path: string, field: string, name: string): Promise<object> => {
    for (let page = 1; ; page += 1) {
      const { result, info } = present(await ask(`${path}page=${page}&per_page=100`));
      const listed = listAt(result);
      if (listed === undefined) throw new SourceError("malformed");
      const found = listed.find((one) => memberAt(one, field) === name);
      if (found !== undefined) return found as object;
      const total = memberAt(info, "total_pages");
      // A page may be shorter than what was asked for.
      const isLast = typeof total === "number" ? page >= total : listed.length < 100;
      if (isLast) throw new SourceError(`no-${name}`);
      if (listed.length === 0) throw new SourceError("malformed");
    }
  };
  return {
    async database(name) {
      const uuid = memberAt(
        await find(`/d1/database?name=${encodeURIComponent(name)}&`, "name", name),
        "uuid",
      );
      return {
        async query(sql) {
          const init = { method: "POST", body: { sql } };
          const answer = present(await ask(`/d1/database/${uuid}/query`, init));
          const [first] = listAt(answer.result) ?? [];
          const rows = listAt(first, "results");
          if (rows === undefined) throw new SourceError("no-results");
          return rows as readonly Readonly<Record<string, unknown>>[];
        },
      };
    },
    async bucket(name) {
      const objects = `/r2/buckets/${encodeURIComponent(name)}/objects`;
      return {
        list: () => listPages(ask, `${objects}?per_page=${PAGE_SIZE}`, readObject),
        async read(key) {
          const answer = await send(
            `${objects}/${key.split("/").map(encodeURIComponent).join("/")}`,
            {},
          );
          if (answer === undefined) return undefined;
          const bytes = new Uint8Array(await answer.arrayBuffer());
          const contentType = answer.headers.get("content-type") ?? "application/octet-stream";
          const meta = JSON.stringify({ contentType });
          return { bytes, meta, digest: `${digestOf(bytes)} ${meta}` };
        },
      };
    },
    async store(title) {
      const id = memberAt(await find("/storage/kv/namespaces?", "title", title), "id");
      const namespace = `/storage/kv/namespaces/${id}`;
      const metas = new Map<string, object>();
      return {
        list: () =>
          listPages(ask, `${namespace}/keys?limit=${PAGE_SIZE}`, (entry) => {
            const key = String(memberAt(entry, "name"));
            metas.set(key, readKeyMeta(entry));
            return { key };
          }),
        async read(key) {
          const answer = await send(`${namespace}/values/${encodeURIComponent(key)}`, {});
          if (answer === undefined) return undefined;
          const bytes = new Uint8Array(await answer.arrayBuffer());
          const meta = metas.get(key) ?? {};
          const shared = JSON.stringify({ metadata: memberAt(meta, "metadata") ?? null });
          return { bytes, meta: JSON.stringify(meta), digest: `${digestOf(bytes)} ${shared}` };
        },
      };
    },
    async hurryQueue(name) {
      const id = memberAt(await find("/queues?", "queue_name", name), "queue_id");
      for (const consumer of listAt(present(await ask(`/queues/${id}/consumers`)).result) ?? []) {
        const settings = memberAt(consumer, "settings") as object | undefined;
        await ask(`/queues/${id}/consumers/${memberAt(consumer, "consumer_id")}`, {
          method: "PUT",
          body: { ...(consumer as object), settings: { ...settings, max_wait_time_ms: 0 } },
        });
      }
    },
    async backlog(name) {
      const id = memberAt(await find("/queues?", "queue_name", name), "queue_id");
      const { result } = present(await ask(`/queues/${id}/metrics`));
      const count = memberAt(result, "backlog_count");
      if (typeof count !== "number") throw new SourceError("no-backlog");
      return count;
    },
    quiet: (apps, zones) => quietWorkers(ask, apps, zones),
  };
}

/** What a copy is made like must be there: taken as empty, what is gone would empty the copy. @throws SourceError */
function present<T>(answer: T | undefined): T {
  if (answer === undefined) throw new SourceError("status-404");
  return answer;
}

async function listPages<T>(
  ask: AskCloudflare,
  path: string,
  read: (entry: unknown) => T,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (let cursor = ""; ; ) {
    const from = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const { result, info } = present(await ask(`${path}${from}`));
    const entries = listAt(result);
    if (entries === undefined) throw new SourceError("no-list");
    all.push(...entries.map(read));
    cursor = String(memberAt(info, "cursor") ?? "");
    if (cursor === "") return all;
  }
}

function readObject(entry: unknown) {
  const [key, ...marks] = ["key", "etag", "size", "last_modified"].map((name) =>
    String(memberAt(entry, name)),
  );
  return { key: key ?? "", version: marks.join(" ") };
}

function readKeyMeta(entry: unknown): object {
  const [metadata, expiration] = [memberAt(entry, "metadata"), memberAt(entry, "expiration")];
  return {
    ...(metadata !== undefined && metadata !== null && { metadata }),
    ...(typeof expiration === "number" && { expiration }),
  };
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
