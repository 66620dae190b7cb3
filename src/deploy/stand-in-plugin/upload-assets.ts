import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { type ApiConfig, callCloudflare } from "./cloudflare-api.ts";
import {
  isProperties,
  type Properties,
  readText,
  renameKeys,
  toSnakeCase,
} from "./property-names.ts";

interface AssetFile {
  /** From the site's root, with a leading slash. */
  readonly path: string;
  /** 32 hexadecimal digits over content and ending (Workers API, "Direct Upload"). */
  readonly hash: string;
  readonly bytes: Buffer;
}

/** Uploads what Cloudflare does not have yet of a folder and answers with the script's `assets` metadata. */
export async function uploadAssets(
  { path, assets }: { readonly path: string; readonly assets: Properties },
  config: ApiConfig,
): Promise<Properties> {
  const files = await listFiles(readText(assets, "directory"));
  const manifest = Object.fromEntries(
    files.map(({ path: file, hash, bytes }) => [file, { hash, size: bytes.length }]),
  );
  const session = await callCloudflare(config, {
    method: "POST",
    path: `${path}/assets-upload-session`,
    body: { manifest },
  });
  let jwt = readJwt(session);
  const buckets =
    isProperties(session) && Array.isArray(session.buckets)
      ? (session.buckets as readonly unknown[])
      : [];
  for (const bucket of buckets) {
    const form = new FormData();
    for (const file of files) {
      if (!(Array.isArray(bucket) && bucket.includes(file.hash))) continue;
      form.set(
        file.hash,
        new File([file.bytes.toString("base64")], file.hash, { type: "application/octet-stream" }),
      );
    }
    const account = path.slice(0, path.indexOf("/workers/"));
    const uploaded = await callCloudflare(
      { ...config, apiToken: readJwt(session) },
      { method: "POST", path: `${account}/workers/assets/upload?base64=true`, form },
    );
    if (isProperties(uploaded) && typeof uploaded.jwt === "string") jwt = uploaded.jwt;
  }
  return {
    jwt,
    ...(isProperties(assets.config) && { config: renameKeys(assets.config, toSnakeCase) }),
  };
}

function readJwt(result: unknown): string {
  if (!isProperties(result) || typeof result.jwt !== "string")
    throw new Error("the assets upload session holds no token");
  return result.jwt;
}

async function listFiles(folder: string): Promise<readonly AssetFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.sort().map(async (file) => {
      const bytes = await readFile(file);
      const hash = createHash("sha256")
        .update(bytes)
        .update(extname(file))
        .digest("hex")
        .slice(0, 32);
      return {
        path: `/${file.slice(folder.length).split(sep).filter(Boolean).join("/")}`,
        hash,
        bytes,
      };
    }),
  );
}
