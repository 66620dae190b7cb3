import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type ApiConfig, callCloudflare } from "./cloudflare-api.ts";
import {
  isProperties,
  type Properties,
  readText,
  renameKeys,
  toSnakeCase,
} from "./property-names.ts";
import { uploadAssets } from "./upload-assets.ts";

/** Inputs that are not part of the upload's metadata. */
const NOT_METADATA = new Set([
  "accountId",
  "scriptName",
  "content",
  "contentFile",
  "contentSha256",
  "contentType",
  "assets",
]);

/**
 * Uploads a Worker: static assets first, then the module and its metadata in one multipart PUT (Workers API, "Upload Worker Module").
 * Throws when the module's file is not the one whose digest the stack names.
 */
export async function uploadScript(inputs: Properties, config: ApiConfig): Promise<unknown> {
  const path = `/accounts/${readText(inputs, "accountId")}/workers/scripts/${readText(inputs, "scriptName")}`;
  const metadata = Object.fromEntries(
    Object.entries(inputs)
      .filter(([name]) => !NOT_METADATA.has(name))
      .map(([name, value]) => [toSnakeCase(name), renameKeys(value, toSnakeCase)]),
  );
  if (isProperties(inputs.assets)) {
    metadata.assets = await uploadAssets({ path, assets: inputs.assets }, config);
  }
  const form = new FormData();
  const content = await readContent(inputs);
  if (content !== undefined) {
    const main = typeof inputs.mainModule === "string" ? inputs.mainModule : "worker.js";
    const type =
      typeof inputs.contentType === "string" ? inputs.contentType : "application/javascript+module";
    form.set(main, new File([content], main, { type }));
  }
  form.set("metadata", new Blob([JSON.stringify(metadata)], { type: "application/json" }));
  return callCloudflare(config, { method: "PUT", path, form });
}

async function readContent(inputs: Properties): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (typeof inputs.content === "string") return new TextEncoder().encode(inputs.content);
  if (typeof inputs.contentFile !== "string") return undefined;
  const bytes = new Uint8Array(await readFile(inputs.contentFile));
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (digest !== inputs.contentSha256) {
    throw new Error(
      `${inputs.contentFile} is not the file whose SHA-256 the stack names; run supercargo compile`,
    );
  }
  return bytes;
}
