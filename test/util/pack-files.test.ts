import { crc32, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { packFiles } from "../../src/util/pack-files.ts";

/** Reads an archive as a program does that knows nothing of ours: from its end, by the directory (APPNOTE.TXT 6.3.10). */
function readArchive(archive: Buffer) {
  const end = archive.lastIndexOf("PK\x05\x06");
  const files = [];
  let entry = archive.readUInt32LE(end + 16);
  expect(entry + archive.readUInt32LE(end + 12)).toBe(end);
  while (entry < end) {
    const nameLength = archive.readUInt16LE(entry + 28);
    const local = archive.readUInt32LE(entry + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const stored = archive.subarray(start, start + archive.readUInt32LE(entry + 20));
    const content = archive.readUInt16LE(entry + 10) === 0 ? stored : inflateRawSync(stored);
    files.push({
      name: archive.subarray(entry + 46, entry + 46 + nameLength).toString(),
      content,
      isWhole: crc32(content) === archive.readUInt32LE(entry + 16),
      mode: archive.readUInt32LE(entry + 38) >>> 16,
    });
    entry += 46 + nameLength;
  }
  expect(archive.readUInt16LE(end + 10)).toBe(files.length);
  return files;
}

test("packed files are unpacked as they were, and everybody may read them", () => {
  const content = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(fc.array(content, { minLength: 1, maxLength: 4 }), (contents) => {
      const files = contents.map((bytes, i) => ({ name: `${i}/index.mjs`, content: bytes }));
      expect(readArchive(Buffer.from(packFiles(files)))).toEqual(
        files.map(({ name, content: bytes }) => ({
          name,
          content: Buffer.from(bytes),
          isWhole: true,
          mode: 0o100644,
        })),
      );
    }),
  );
});
