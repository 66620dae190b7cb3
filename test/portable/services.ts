import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findObjectStore, startObjectStore } from "../support/start-object-store.ts";
import { startPostgres } from "../support/start-postgres.ts";

const store = await findObjectStore();

/** Why the services cannot run on this machine. */
export const missing = "missing" in store ? store.missing : undefined;

/** What a shop outside Cloudflare keeps its data in: real servers, and a folder of its own. */
export interface Services {
  readonly folder: string;
  /** `postgres://...` */
  readonly postgres: string;
  /** `s3://...` of an empty bucket. */
  readonly bucket: string;
  /** Ended in reverse order, after all that was deferred later. */
  readonly ends: AsyncDisposableStack;
}

/** Starts the services and what `use` starts on them; if one of them fails, all end. */
export async function withServices<T>(use: (services: Services) => Promise<T>): Promise<T> {
  const ends = new AsyncDisposableStack();
  try {
    const folder = mkdtempSync(join(tmpdir(), "sc-shop-"));
    ends.defer(() => rmSync(folder, { recursive: true, force: true }));
    const postgres = await startPostgres({ fsync: false });
    ends.defer(() => postgres.remove());
    const objects = await startObjectStore("program" in store ? store.program : "");
    ends.defer(() => objects.remove());
    const bucket = await objects.makeBucket("media");
    return await use({ folder, postgres: postgres.url, bucket, ends });
  } catch (error) {
    await ends.disposeAsync();
    throw error;
  }
}
