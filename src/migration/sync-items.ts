import type { SourceItem, SourceItems } from "../adapters/vendors/migration-source.ts";
import type { Comparison, SyncReport } from "./sync-report.ts";

export interface ItemTarget {
  /** Of everything there, read anew: key -> digest. */
  digests(): Promise<ReadonlyMap<string, string>>;
  list(): Promise<readonly string[]>;
  put(key: string, item: SourceItem): Promise<void>;
  remove(key: string): Promise<void>;
}

/** What was copied: key -> its mark and digest at that time. */
export type Copied = Map<
  string,
  { readonly version?: string | undefined; readonly digest: string }
>;

/** Items on the way at the same time. */
const PARALLEL = 8;

/** Makes a target hold what a source holds. What was copied in the same version before is not read again. */
export async function syncItems(
  source: SourceItems,
  target: ItemTarget,
  copied: Copied,
): Promise<SyncReport> {
  const entries = await source.list();
  const keys = new Set(entries.map(({ key }) => key));
  let changed = 0;
  await eachOf(entries, async ({ key, version }) => {
    const before = copied.get(key);
    if (version !== undefined && before?.version === version) return;
    const item = await source.read(key);
    if (item === undefined) return void keys.delete(key);
    if (before?.digest !== item.digest) {
      await target.put(key, item);
      changed += 1;
    }
    copied.set(key, { version, digest: item.digest });
  });
  await eachOf(await target.list(), async (key) => {
    if (keys.has(key)) return;
    await target.remove(key);
    copied.delete(key);
    changed += 1;
  });
  return { items: keys.size, changed };
}

/** Reads everything at the target and compares it with what was read at the source; what the source has and was not copied yet differs, too. */
export async function compareItems(
  source: SourceItems,
  target: ItemTarget,
  copied: Copied,
): Promise<Comparison> {
  const there = new Map(await target.digests());
  const differing = new Set<string>();
  const entries = await source.list();
  for (const { key, version } of entries) {
    const before = copied.get(key);
    const isNew = before === undefined || before.version !== version;
    if (isNew || there.get(key) !== before.digest) {
      differing.add(`${key} ${version} ${before?.digest}`);
      // If the target was changed by somebody else, the next pass writes it again.
      copied.delete(key);
    }
    there.delete(key);
  }
  for (const key of there.keys()) differing.add(`${key} gone`);
  return { items: entries.length, differing };
}

async function eachOf<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let first = 0; first < all.length; first += PARALLEL)
    await Promise.all(all.slice(first, first + PARALLEL).map(work));
}
