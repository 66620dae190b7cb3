import type { SandboxContext } from "../context.ts";
import type { DataPlane } from "../data-plane/data-plane.ts";
import { type BlobStore, openBlobStore } from "./blob-store.ts";
import { openRecords, type Records } from "./records.ts";

/** What every endpoint works with. */
export interface Api {
  readonly context: SandboxContext;
  readonly plane: DataPlane;
  readonly records: Records;
  readonly blobs: BlobStore;
  /** Now, RFC 3339. */
  timestamp(): string;
  /** A new id of 32 hexadecimal digits. */
  newId(): string;
  /** A new UUID, version 4. */
  newUuid(): string;
}

/** Puts the parts together over the sandbox's context. */
export function openApi(context: SandboxContext, plane: DataPlane): Api {
  return {
    context,
    plane,
    records: openRecords(context.store),
    blobs: openBlobStore(context.folder("cloudflare-blobs")),
    timestamp: () => new Date(context.now()).toISOString(),
    newId: () => context.random(16),
    newUuid() {
      const hex = context.random(16);
      const variant = "89ab"[Number.parseInt(hex[16] ?? "0", 16) % 4];
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  };
}
