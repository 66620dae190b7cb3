import type { BlobStore } from "../cloudflare/blob-store.ts";
import type { SandboxContext } from "../context.ts";
import type { DeployHost } from "./deploy-host.ts";
import type { NetlifyRecords } from "./netlify-records.ts";

/** What the calls of Netlify's API share. */
export interface NetlifyApi {
  readonly context: SandboxContext;
  readonly records: NetlifyRecords;
  /** Everything that was uploaded or stored. */
  readonly blobs: BlobStore;
  readonly host: DeployHost;
}

/** A call of the API. */
export interface NetlifyRequest {
  readonly method: string;
  /** The path's parts behind the API's own, decoded. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

/** Undefined: none of these calls. */
export type AnswerNetlify = (
  api: NetlifyApi,
  request: NetlifyRequest,
) => Promise<Response | undefined>;
