import { crc32, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { packFile } from "../../src/util/pack-file.ts";

/** Reads an archive as a program does that knows nothing of ours: from its end, by the directory (APPNOTE.TXT 6.3.10). */
function readArchive(archive: Buffer) {
  const end = archive.lastIndexOf("PK\x05\x06");
  expect(archive.readUInt16LE(end + 10)).toBe(1);
  const entry = archive.readUInt32LE(end + 16);
  expect(entry + archive.readUInt32LE(end + 12)).toBe(end);
  const name = archive.subarray(entry + 46, entry + 46 + archive.readUInt16LE(entry + 28));
  const local = archive.readUInt32LE(entry + 42);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const stored = archive.subarray(start, start + archive.readUInt32LE(entry + 20));
  const content = archive.readUInt16LE(entry + 10) === 0 ? stored : inflateRawSync(stored);
  return {
    name: name.toString(),
    content,
    isWhole: crc32(content) === archive.readUInt32LE(entry + 16),
    mode: archive.readUInt32LE(entry + 38) >>> 16,
  };
}

test("a packed file is unpacked as it was, and everybody may read it", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (content) => {
      const found = readArchive(Buffer.from(packFile("index.mjs", content)));
      expect(found).toEqual({
        name: "index.mjs",
        content: Buffer.from(content),
        isWhole: true,
        mode: 0o100644,
      });
    }),
  );
});
