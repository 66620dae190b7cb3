import { inflateRawSync } from "node:zlib";

const END = "PK\x05\x06";

/** The files of a ZIP archive, by path (APPNOTE.TXT 6.3.10, from its directory). @throws for what is none. */
export function readZip(archive: Buffer): ReadonlyMap<string, Buffer> {
  const end = archive.lastIndexOf(END);
  if (end < 0) throw new Error("no ZIP archive");
  const files = new Map<string, Buffer>();
  for (let entry = archive.readUInt32LE(end + 16); entry < end; ) {
    const nameLength = archive.readUInt16LE(entry + 28);
    const rest = archive.readUInt16LE(entry + 30) + archive.readUInt16LE(entry + 32);
    const local = archive.readUInt32LE(entry + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const stored = archive.subarray(start, start + archive.readUInt32LE(entry + 20));
    const isStored = archive.readUInt16LE(entry + 10) === 0;
    const name = archive.subarray(entry + 46, entry + 46 + nameLength).toString();
    files.set(name, isStored ? stored : inflateRawSync(stored));
    entry += 46 + nameLength + rest;
  }
  return files;
}
