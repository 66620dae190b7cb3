import { AwsClient } from "aws4fetch";
import type { Bucket, ListOptions, ObjectList } from "./bucket.ts";
import { describeObject } from "./describe-object.ts";
import { encodeKey } from "./encode-key.ts";
import { readObject } from "./read-object.ts";
import { readXmlText } from "./read-xml-text.ts";
import type { ServiceAddress } from "./service-url.ts";

/** Retries of a request that the store answers with 429 or 5xx, with growing pauses: some 6 seconds in all. */
const RETRIES = 6;

/** A bucket of an S3-compatible store, addressed by path, behind R2's interface. Methods throw what the store refuses: status and code, no other text of it. */
export function openS3Bucket({ endpoint, path, region, credentials }: ServiceAddress): Bucket {
  const client = new AwsClient({ ...credentials, service: "s3", region, retries: RETRIES });
  const place = `${endpoint}/${encodeURIComponent(path)}`;
  const ask = async (method: string, url: string, init: RequestInit = {}): Promise<Response> => {
    const answer = await client.fetch(url, { ...init, method });
    if (answer.ok) return answer;
    const [, code = "no code"] = /<Code>(\w+)<\/Code>/.exec(await answer.text()) ?? [];
    // The answer to HEAD has no body that could say what is missing.
    const isMissing = answer.status === 404 && (method === "HEAD" || code === "NoSuchKey");
    if (isMissing) return answer;
    throw new Error(`the object store answered ${method} with ${answer.status} (${code})`);
  };
  const find = async (method: "GET" | "HEAD", key: string): Promise<Response | undefined> => {
    const answer = await ask(method, `${place}/${encodeKey(key)}`);
    return answer.ok ? answer : undefined;
  };
  return {
    async get(key) {
      const answer = await find("GET", key);
      return answer === undefined ? null : readObject(key, answer);
    },
    async head(key) {
      const answer = await find("HEAD", key);
      return answer === undefined ? null : describeObject(key, answer.headers);
    },
    async put(key, value, { httpMetadata = {} } = {}) {
      const { contentType = "application/octet-stream" } = httpMetadata;
      // A stream has no length, which S3 wants to know first.
      const body = await new Response(value).arrayBuffer();
      const headers = { "content-type": contentType, "content-length": String(body.byteLength) };
      const answer = await ask("PUT", `${place}/${encodeKey(key)}`, { headers, body });
      const described = describeObject(key, answer.headers);
      return { ...described, size: body.byteLength, httpMetadata: { contentType } };
    },
    async delete(keys) {
      for (const key of [keys].flat()) await ask("DELETE", `${place}/${encodeKey(key)}`);
    },
    async list(options = {}) {
      const answer = await ask("GET", `${place}?${listQuery(options)}`);
      return readList(await answer.text());
    },
  };
}

function listQuery({ prefix = "", limit = 1000, cursor }: ListOptions): URLSearchParams {
  const query = new URLSearchParams({
    "list-type": "2",
    "max-keys": String(Math.min(limit, 1000)),
    prefix,
  });
  if (cursor !== undefined) query.set("continuation-token", cursor);
  return query;
}

function readList(xml: string): ObjectList {
  const objects = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, entry = ""]) => {
    const etag = readXmlText(entry, "ETag").replaceAll('"', "");
    return {
      key: readXmlText(entry, "Key"),
      size: Number(readXmlText(entry, "Size")),
      etag,
      httpEtag: `"${etag}"`,
      uploaded: new Date(readXmlText(entry, "LastModified")),
      httpMetadata: {},
    };
  });
  if (readXmlText(xml, "IsTruncated") !== "true") return { objects, truncated: false };
  return { objects, truncated: true, cursor: readXmlText(xml, "NextContinuationToken") };
}
