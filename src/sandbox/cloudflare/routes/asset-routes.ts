import type { Api } from "../api.ts";
import { issueAssetToken, readAssetToken } from "../asset-token.ts";
import { number, object, text } from "../body-fields.ts";
import { fail, succeed } from "../envelope.ts";
import type { Call, Route } from "../route.ts";
import type { AssetSessionRecord } from "../worker-records.ts";
import { SCRIPTS_WRITE } from "./script-routes.ts";

/** Limits of the docs, "Direct Uploads". */
const FILES_MAX = 20_000;
const FILE_BYTES_MAX = 25 * 1024 * 1024;

/** How many files one upload request is asked to carry. */
const BUCKET_SIZE = 50;

/** Static assets: announce a manifest, send the files that are not there yet, deploy with the completion token (Workers docs, "Direct Uploads"). */
export function assetRoutes(api: Api): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/accounts/:account/workers/scripts/:script/assets-upload-session",
      needs: SCRIPTS_WRITE,
      handle: (call) => openSession(api, call),
    },
    {
      method: "POST",
      path: "/accounts/:account/workers/assets/upload",
      needs: [],
      auth: "none",
      body: "raw",
      handle: (call) => receiveFiles(api, call),
    },
  ];
}

function openSession(api: Api, { accountId, params, body }: Call): Response {
  const manifest = object(body, "manifest");
  const entries = Object.entries(manifest ?? {});
  if (manifest === undefined || entries.length > FILES_MAX)
    return fail(400, 10304, `a manifest of at most ${FILES_MAX} files is needed`);
  const files: Record<string, string> = {};
  for (const [path, entry] of entries) {
    const hash = text(entry, "hash") ?? "";
    const size = number(entry, "size") ?? Number.NaN;
    if (
      !path.startsWith("/") ||
      !/^[0-9a-f]{1,64}$/.test(hash) ||
      !(size >= 0 && size <= FILE_BYTES_MAX)
    )
      return fail(400, 10304, "a file of the manifest has a path, hash or size that is not valid");
    files[path] = hash;
  }
  const session = { id: api.newId(), accountId, scriptName: params.script ?? "", files };
  api.records.assetSessions.put(session.id, session);
  const missing = listMissing(api, session);
  const buckets: string[][] = [];
  for (let start = 0; start < missing.length; start += BUCKET_SIZE)
    buckets.push(missing.slice(start, start + BUCKET_SIZE));
  const jwt = issueAssetToken(api, session, missing.length === 0 ? "complete" : "upload");
  return succeed({ jwt, buckets });
}

function listMissing(api: Api, { accountId, files }: AssetSessionRecord): readonly string[] {
  const hashes = [...new Set(Object.values(files))];
  return hashes.filter((hash) => api.records.assets.get(`${accountId}/${hash}`) === undefined);
}

/** The credential is the session's token. 201 with the completion token once nothing is missing, before that 202. */
async function receiveFiles(api: Api, { request, url, params }: Call): Promise<Response> {
  const token = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  const session = readAssetToken(api, token, "upload");
  if (session === undefined || session.accountId !== params.account)
    return fail(401, 10305, "the upload token is not valid");
  if (url.searchParams.get("base64") !== "true") return fail(400, 10306, "base64=true is needed");
  let form: FormData;
  try {
    form = await request.formData();
  } catch {
    return fail(400, 10306, "the body is no multipart form");
  }
  const expected = new Set(Object.values(session.files));
  for (const [hash, value] of form) {
    if (!expected.has(hash)) return fail(400, 10307, "a file is not in the manifest");
    const encoded = await new Response(value).text();
    const bytes = Buffer.from(encoded, "base64");
    if (bytes.length > FILE_BYTES_MAX) return fail(413, 10308, "a file is too large");
    const contentType = readType(typeof value === "string" ? "" : value.type);
    api.records.assets.put(`${session.accountId}/${hash}`, {
      blob: api.blobs.put(bytes),
      contentType,
    });
  }
  if (listMissing(api, session).length > 0) return succeed({ jwt: null }, { status: 202 });
  return succeed({ jwt: issueAssetToken(api, session, "complete") }, { status: 201 });
}

/** `application/null` asks for no content type; then the file's name decides here. */
function readType(type: string): string | undefined {
  return type === "" || type === "application/null" ? undefined : type;
}
