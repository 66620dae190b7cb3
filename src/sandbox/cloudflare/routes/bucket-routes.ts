import type { BucketObject } from "../../data-plane/data-plane.ts";
import type { Api } from "../api.ts";
import { text } from "../body-fields.ts";
import { bucketPlaneId } from "../describe-worker.ts";
import { fail, readCount, succeed } from "../envelope.ts";
import type { Call, Route } from "../route.ts";
import type { BucketRecord } from "../storage-records.ts";

const READ = ["Workers R2 Storage Read", "Workers R2 Storage Write"] as const;
const WRITE = ["Workers R2 Storage Write"] as const;
const BASE = "/accounts/:account/r2/buckets";

/** R2 buckets and their objects (API docs, R2; codes from "R2 error codes"). */
export function bucketRoutes(api: Api): readonly Route[] {
  const { buckets } = api.records;
  const withBucket =
    (work: (bucket: BucketRecord, call: Call) => Response | Promise<Response>) => (call: Call) => {
      const bucket = buckets.get(`${call.accountId}/${call.params.bucket}`);
      return bucket === undefined
        ? fail(404, 10006, "The specified bucket does not exist.")
        : work(bucket, call);
    };
  const one = `${BASE}/:bucket`;
  return [
    { method: "GET", path: BASE, needs: READ, handle: (call) => listBuckets(api, call) },
    { method: "POST", path: BASE, needs: WRITE, handle: (call) => create(api, call) },
    {
      method: "GET",
      path: one,
      needs: READ,
      handle: withBucket((bucket) => succeed(printBucket(bucket))),
    },
    {
      method: "PATCH",
      path: one,
      needs: WRITE,
      handle: withBucket((bucket, { request }) => {
        const storageClass = request.headers.get("cf-r2-storage-class") ?? "";
        if (!isStorageClass(storageClass))
          return fail(400, 10062, "The storage class is not valid.");
        buckets.put(`${bucket.accountId}/${bucket.name}`, { ...bucket, storageClass });
        return succeed(printBucket({ ...bucket, storageClass }));
      }),
    },
    {
      method: "DELETE",
      path: one,
      needs: WRITE,
      handle: withBucket((bucket) => remove(api, bucket)),
    },
    ...objectRoutes(api, withBucket),
  ];
}

type WithBucket = (
  work: (bucket: BucketRecord, call: Call) => Response | Promise<Response>,
) => (call: Call) => Response | Promise<Response>;

function objectRoutes(api: Api, withBucket: WithBucket): readonly Route[] {
  const objects = `${BASE}/:bucket/objects`;
  const { buckets } = api.plane;
  return [
    {
      method: "GET",
      path: objects,
      needs: READ,
      handle: withBucket(async (bucket, { url }) => {
        const page = await buckets.list(bucketPlaneId(bucket), {
          prefix: url.searchParams.get("prefix") ?? undefined,
          cursor: url.searchParams.get("cursor") ?? undefined,
          limit: readCount(url, "per_page", 20, 1000),
        });
        const info = { cursor: page.cursor ?? "", is_truncated: page.cursor !== undefined };
        return succeed(page.objects.map(printObject), { info });
      }),
    },
    {
      method: "GET",
      path: `${objects}/*key`,
      needs: READ,
      handle: withBucket(async (bucket, { params }) => {
        const found = await buckets.get(bucketPlaneId(bucket), params.key ?? "");
        if (found === undefined) return fail(404, 10007, "The specified key does not exist.");
        const headers = {
          "content-type": found.contentType ?? "application/octet-stream",
          etag: `"${found.etag}"`,
        };
        return new Response(new Uint8Array(found.bytes), { headers });
      }),
    },
    {
      method: "PUT",
      path: `${objects}/*key`,
      needs: WRITE,
      body: "raw",
      handle: withBucket(async (bucket, { params, request }) => {
        const bytes = new Uint8Array(await request.arrayBuffer());
        const contentType = request.headers.get("content-type") ?? undefined;
        return succeed(
          printObject(
            await buckets.put(bucketPlaneId(bucket), params.key ?? "", bytes, contentType),
          ),
        );
      }),
    },
    {
      method: "DELETE",
      path: `${objects}/*key`,
      needs: WRITE,
      handle: withBucket(async (bucket, { params }) => {
        await buckets.delete(bucketPlaneId(bucket), params.key ?? "");
        return succeed({ key: params.key });
      }),
    },
  ];
}

function printBucket(bucket: BucketRecord): object {
  return {
    name: bucket.name,
    creation_date: bucket.createdAt,
    // Only what was asked for: another place would look like a change.
    ...(bucket.location === undefined ? {} : { location: bucket.location }),
    storage_class: bucket.storageClass,
    jurisdiction: bucket.jurisdiction,
  };
}

function printObject(object: BucketObject): object {
  return {
    key: object.key,
    size: object.size,
    etag: object.etag,
    last_modified: object.uploaded,
    http_metadata: object.contentType === undefined ? {} : { contentType: object.contentType },
  };
}

function isStorageClass(text: string): boolean {
  return text === "Standard" || text === "InfrequentAccess";
}

function listBuckets(api: Api, { accountId, url }: Call): Response {
  const contains = url.searchParams.get("name_contains") ?? "";
  const buckets = api.records.buckets
    .list()
    .filter((bucket) => bucket.accountId === accountId && bucket.name.includes(contains));
  return succeed({ buckets: buckets.map(printBucket) });
}

function create(api: Api, { accountId, body, request }: Call): Response {
  const { buckets } = api.records;
  const name = text(body, "name") ?? "";
  const storageClass = text(body, "storageClass") ?? "Standard";
  if (!/^[a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9]$/.test(name))
    return fail(400, 10005, "The specified bucket name is not valid.");
  if (!isStorageClass(storageClass)) return fail(400, 10062, "The storage class is not valid.");
  if (buckets.get(`${accountId}/${name}`) !== undefined)
    return fail(409, 10004, "The bucket you tried to create already exists, and you own it.");
  const bucket: BucketRecord = {
    accountId,
    name,
    createdAt: api.timestamp(),
    location: text(body, "locationHint")?.toUpperCase(),
    storageClass,
    jurisdiction: request.headers.get("cf-r2-jurisdiction") ?? "default",
  };
  buckets.put(`${accountId}/${name}`, bucket);
  return succeed(printBucket(bucket));
}

async function remove(api: Api, bucket: BucketRecord): Promise<Response> {
  const { objects } = await api.plane.buckets.list(bucketPlaneId(bucket), { limit: 1 });
  if (objects.length > 0)
    return fail(
      409,
      10008,
      "The bucket you tried to delete is not empty. You must delete all objects in the bucket.",
    );
  api.records.buckets.delete(`${bucket.accountId}/${bucket.name}`);
  return succeed(null);
}
