import type { Api } from "../api.ts";
import { list, number, text } from "../body-fields.ts";
import { fail, readCount, succeed, succeedPage } from "../envelope.ts";
import type { Call, Route } from "../route.ts";
import type { NamespaceRecord } from "../storage-records.ts";

const READ = ["Workers KV Storage Read", "Workers KV Storage Write"] as const;
const WRITE = ["Workers KV Storage Write"] as const;
const BASE = "/accounts/:account/storage/kv/namespaces";

/** Workers KV namespaces, their keys and values (API docs, KV). */
export function namespaceRoutes(api: Api): readonly Route[] {
  const { namespaces } = api.records;
  const withNamespace: WithNamespace = (work) => (call) => {
    const namespace = namespaces.get(call.params.namespace ?? "");
    return namespace?.accountId === call.accountId
      ? work(namespace, call)
      : fail(404, 10013, "namespace not found");
  };
  const one = `${BASE}/:namespace`;
  return [
    {
      method: "GET",
      path: BASE,
      needs: READ,
      handle: ({ accountId, url }) =>
        succeedPage(
          url,
          namespaces
            .list()
            .filter((found) => found.accountId === accountId)
            .map(printNamespace),
        ),
    },
    { method: "POST", path: BASE, needs: WRITE, handle: (call) => create(api, call) },
    {
      method: "GET",
      path: one,
      needs: READ,
      handle: withNamespace((found) => succeed(printNamespace(found))),
    },
    {
      method: "PUT",
      path: one,
      needs: WRITE,
      handle: withNamespace((found, call) => rename(api, found, call)),
    },
    {
      method: "DELETE",
      path: one,
      needs: WRITE,
      handle: withNamespace((found) => {
        namespaces.delete(found.id);
        return succeed(null);
      }),
    },
    ...valueRoutes(api, withNamespace),
  ];
}

type WithNamespace = (
  work: (namespace: NamespaceRecord, call: Call) => Response | Promise<Response>,
) => (call: Call) => Response | Promise<Response>;

function valueRoutes(api: Api, withNamespace: WithNamespace): readonly Route[] {
  const values = `${BASE}/:namespace/values/:key`;
  const { namespaces } = api.plane;
  return [
    {
      method: "GET",
      path: `${BASE}/:namespace/keys`,
      needs: READ,
      handle: withNamespace(async ({ id }, { url }) => {
        const page = await namespaces.list(id, {
          prefix: url.searchParams.get("prefix") ?? undefined,
          cursor: url.searchParams.get("cursor") ?? undefined,
          limit: readCount(url, "limit", 1000, 1000),
        });
        return succeed(page.keys, { info: { count: page.keys.length, cursor: page.cursor ?? "" } });
      }),
    },
    {
      method: "GET",
      path: values,
      needs: READ,
      handle: withNamespace(async ({ id }, { params }) => {
        const found = await namespaces.get(id, params.key ?? "");
        if (found === undefined) return fail(404, 10009, "key not found");
        return new Response(new Uint8Array(found.bytes), {
          headers: { "content-type": "application/octet-stream" },
        });
      }),
    },
    {
      method: "PUT",
      path: values,
      needs: WRITE,
      body: "raw",
      handle: withNamespace((namespace, call) => putValue(api, namespace, call)),
    },
    {
      method: "DELETE",
      path: values,
      needs: WRITE,
      handle: withNamespace(async ({ id }, { params }) => {
        await namespaces.delete(id, params.key ?? "");
        return succeed(null);
      }),
    },
    {
      method: "PUT",
      path: `${BASE}/:namespace/bulk`,
      needs: WRITE,
      handle: withNamespace((namespace, { body }) => putMany(api, namespace, body)),
    },
  ];
}

function printNamespace({ id, title }: NamespaceRecord): object {
  return { id, title, supports_url_encoding: true };
}

function isTaken(api: Api, accountId: string, title: string, self?: string): boolean {
  return api.records.namespaces
    .list()
    .some((other) => other.accountId === accountId && other.title === title && other.id !== self);
}

function create(api: Api, { accountId, body }: Call): Response {
  const title = text(body, "title") ?? "";
  if (title === "" || title.length > 512)
    return fail(400, 10019, "title must have 1 to 512 characters");
  if (isTaken(api, accountId, title))
    return fail(400, 10014, "a namespace with this account ID and title already exists");
  const namespace = { id: api.newId(), accountId, title };
  api.records.namespaces.put(namespace.id, namespace);
  return succeed(printNamespace(namespace));
}

function rename(api: Api, namespace: NamespaceRecord, { body }: Call): Response {
  const title = text(body, "title") ?? "";
  if (title === "" || title.length > 512)
    return fail(400, 10019, "title must have 1 to 512 characters");
  if (isTaken(api, namespace.accountId, title, namespace.id))
    return fail(400, 10014, "a namespace with this account ID and title already exists");
  api.records.namespaces.put(namespace.id, { ...namespace, title });
  return succeed(printNamespace({ ...namespace, title }));
}

/** The value is the body, or the part `value` of a form with `metadata` beside it. */
async function putValue(
  api: Api,
  { id }: NamespaceRecord,
  { request, params, url }: Call,
): Promise<Response> {
  const isForm = request.headers.get("content-type")?.startsWith("multipart/form-data") === true;
  const form = isForm ? await request.formData() : undefined;
  const part = form?.get("value");
  const source = form === undefined ? request : new Response(part ?? "");
  const bytes = new Uint8Array(await source.arrayBuffer());
  const metadataText = form?.get("metadata");
  let metadata: unknown;
  try {
    metadata = typeof metadataText === "string" ? JSON.parse(metadataText) : undefined;
  } catch {
    return fail(400, 10022, "metadata must be JSON");
  }
  await api.plane.namespaces.put(id, params.key ?? "", bytes, {
    expiration: readExpiration(
      api,
      url.searchParams.get("expiration"),
      url.searchParams.get("expiration_ttl"),
    ),
    metadata,
  });
  return succeed(null);
}

async function putMany(api: Api, { id }: NamespaceRecord, body: unknown): Promise<Response> {
  const entries = list({ body }, "body");
  if (entries.length === 0 || entries.length > 10_000)
    return fail(400, 10026, "1 to 10,000 keys are needed");
  for (const entry of entries) {
    const [key, value] = [text(entry, "key"), text(entry, "value")];
    if (key === undefined || value === undefined)
      return fail(400, 10026, "key or value is missing");
    const isBase64 = (entry as { base64?: unknown }).base64 === true;
    await api.plane.namespaces.put(id, key, Buffer.from(value, isBase64 ? "base64" : "utf8"), {
      expiration: readExpiration(api, number(entry, "expiration"), number(entry, "expiration_ttl")),
      metadata: (entry as { metadata?: unknown }).metadata,
    });
  }
  return succeed({ successful_key_count: entries.length, unsuccessful_keys: [] });
}

function readExpiration(
  api: Api,
  at: string | number | null | undefined,
  after: string | number | null | undefined,
): number | undefined {
  if (at !== null && at !== undefined) return Number(at);
  if (after === null || after === undefined) return undefined;
  return Math.floor(api.context.now() / 1000) + Number(after);
}
