import { parseJson } from "../../util/parse-json.ts";
import { type Body, isBody } from "./body-fields.ts";

/** A part of an upload with its bytes. */
export interface UploadedPart {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** A Worker upload: what it says about itself, and its files. */
export interface Upload {
  readonly metadata: Body;
  readonly parts: readonly UploadedPart[];
}

/**
 * Reads the multipart form of a Worker upload (Workers docs, "Multipart upload metadata"): the part `metadata` is JSON, every other part a module
 * named after its file. Undefined when it is no such form.
 */
export async function readUpload(request: Request): Promise<Upload | undefined> {
  let form: FormData;
  try {
    form = await request.formData();
  } catch {
    return undefined;
  }
  let metadata: unknown;
  const parts: UploadedPart[] = [];
  for (const [name, value] of form) {
    const bytes = new Uint8Array(await new Response(value).arrayBuffer());
    if (name === "metadata") {
      metadata = parseJson(Buffer.from(bytes).toString("utf8"));
      continue;
    }
    const file = typeof value === "string" ? undefined : value;
    const contentType = (file?.type ?? "") || "application/javascript+module";
    parts.push({
      name: file === undefined || file.name === "blob" ? name : file.name,
      contentType,
      bytes,
    });
  }
  return isBody(metadata) ? { metadata, parts } : undefined;
}
