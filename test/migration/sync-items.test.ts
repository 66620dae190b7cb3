import { describe, expect, test } from "vitest";
import type { SourceItems } from "../../src/adapters/vendors/migration-source.ts";
import {
  type Copied,
  compareItems,
  type ItemTarget,
  syncItems,
} from "../../src/migration/sync-items.ts";

function openPlaces(hasVersions: boolean) {
  const source = new Map<string, string>();
  const target = new Map<string, string>();
  const reads: string[] = [];
  const from: SourceItems = {
    list: async () =>
      [...source].map(([key, value]) => ({ key, ...(hasVersions && { version: `v${value}` }) })),
    async read(key) {
      reads.push(key);
      const value = source.get(key);
      if (value === undefined) return undefined;
      return { bytes: new TextEncoder().encode(value), meta: "{}", digest: value };
    },
  };
  const to: ItemTarget = {
    list: async () => [...target.keys()],
    digests: async () => target,
    put: async (key, { bytes }) => void target.set(key, new TextDecoder().decode(bytes)),
    remove: async (key) => void target.delete(key),
  };
  return { source, target, reads, from, to };
}

describe.each([true, false])("objects or keys that are carried over, with versions: %s", (has) => {
  test("are the same, and what left leaves", async () => {
    const { source, target, reads, from, to } = openPlaces(has);
    for (let n = 0; n < 20; n++) source.set(`k${n}`, `${n}`);
    target.set("stranger", "1");
    const copied: Copied = new Map();
    expect(await syncItems(from, to, copied)).toEqual({ items: 20, changed: 21 });
    expect(target).toEqual(source);
    source.set("k1", "new");
    source.delete("k2");
    const behind = await compareItems(from, to, copied);
    expect(behind.differing.size).toBeGreaterThanOrEqual(has ? 2 : 1);
    reads.length = 0;
    await syncItems(from, to, copied);
    expect(reads.length).toBe(has ? 1 : 19);
    expect(target).toEqual(source);
    expect((await compareItems(from, to, copied)).differing.size).toBe(0);
  });

  test("are written again when the target was changed behind our back", async () => {
    const { source, target, from, to } = openPlaces(has);
    source.set("a", "1");
    const copied: Copied = new Map();
    await syncItems(from, to, copied);
    target.set("a", "2");
    expect((await compareItems(from, to, copied)).differing.size).toBe(1);
    await syncItems(from, to, copied);
    expect(target.get("a")).toBe("1");
  });
});
