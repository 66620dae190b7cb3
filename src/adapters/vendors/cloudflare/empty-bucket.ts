import type { Fetch } from "../../../util/fetch-json.ts";
import { listAt, memberAt } from "../../../util/json-access.ts";
import type { Secret } from "../../../util/secret.ts";
import { createCloudflareCall } from "./client-call.ts";

/** `code` says why a bucket still holds something. */
export type EmptyAnswer =
  | { readonly kind: "emptied"; readonly objects: number }
  | { readonly kind: "failed"; readonly code: string };

/** Milliseconds for one exchange. */
const TIMEOUT_MS = 30_000;
/** Objects of one page, the API's most, and pages: more than a million objects are not deleted one by one. */
const PAGE_SIZE = 1_000;
const PAGES_MAX = 1_000;
/** Deletions that run at the same time. */
const PARALLEL = 8;

/**
 * Deletes every object of an R2 bucket, because Cloudflare refuses to delete a bucket that holds some. An absent bucket is empty.
 * Facts: https://developers.cloudflare.com/api/resources/r2/subresources/buckets/subresources/objects/.
 */
export async function emptyBucket(input: {
  readonly endpoint: string;
  /** The stack's own token. */
  readonly credential: Secret;
  readonly accountId: string;
  readonly bucket: string;
  readonly fetch: Fetch;
}): Promise<EmptyAnswer> {
  const { endpoint, credential, accountId, bucket } = input;
  const call = createCloudflareCall(endpoint, input.fetch, TIMEOUT_MS);
  const path = `/accounts/${encodeURIComponent(accountId)}/r2/buckets/${encodeURIComponent(bucket)}/objects`;
  let objects = 0;
  for (let page = 0; page < PAGES_MAX; page++) {
    const listed = await call({ credential, path: `${path}?per_page=${PAGE_SIZE}` });
    if (listed.kind === "absent") return { kind: "emptied", objects };
    if (listed.kind !== "result") return { kind: "failed", code: listed.code };
    const keys = readKeys(listed.result);
    if (keys.length === 0) return { kind: "emptied", objects };
    for (let first = 0; first < keys.length; first += PARALLEL) {
      const answers = await Promise.all(
        keys
          .slice(first, first + PARALLEL)
          .map((key) => call({ credential, method: "DELETE", path: `${path}/${escapeKey(key)}` })),
      );
      const failed = answers.find(({ kind }) => kind === "refused" || kind === "unknown");
      if (failed !== undefined && "code" in failed) return { kind: "failed", code: failed.code };
      objects += answers.length;
    }
  }
  return { kind: "failed", code: "too_many_objects" };
}

function readKeys(result: unknown): readonly string[] {
  return (listAt(result) ?? []).flatMap((object) => {
    const key = memberAt(object, "key");
    return typeof key === "string" ? [key] : [];
  });
}

/** A key may hold slashes, which stay. */
function escapeKey(key: string): string {
  return key.split("/").map(encodeURIComponent).join("/");
}
