import { crc32, inflateRawSync } from "node:zlib";

export interface ArchivedFile {
  readonly name: string;
  readonly content: Buffer;
  readonly isWhole: boolean;
  readonly mode: number;
}

/** Reads an archive as a program does that knows nothing of ours: from its end, by the directory (APPNOTE.TXT 6.3.10). */
export function readArchive(archive: Buffer): readonly ArchivedFile[] {
  const end = archive.lastIndexOf("PK\x05\x06");
  const files: ArchivedFile[] = [];
  let entry = archive.readUInt32LE(end + 16);
  if (entry + archive.readUInt32LE(end + 12) !== end) throw new Error("the directory is no whole");
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
  if (archive.readUInt16LE(end + 10) !== files.length) throw new Error("not all files are there");
  return files;
}
