import { crc32 } from "node:zlib";

const NAME_IS_UTF8 = 0x0800;
/** 1 January 1980, 0:00, the earliest time that the format knows: a build's time is none of its content. */
const DATE = 0x0021;
/** A regular file that everybody may read, in the upper half of the external attributes. */
const READABLE = 0o100644;
const MADE_ON_UNIX = 3;
const VERSION = 20;

/** A file of an archive. */
export interface PackedFile {
  /** Path with `/`. */
  readonly name: string;
  readonly content: Uint8Array;
}

/**
 * A ZIP archive of some files in their order (APPNOTE.TXT 6.3.10, section 4.3). Stored and not compressed, because only then the bytes are the same with every version
 * of the compressor.
 */
export function packFiles(files: readonly PackedFile[]): Uint8Array {
  const records: Uint8Array[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of files) {
    const path = Buffer.from(name);
    const common = describeContent(content, path.byteLength);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, path]);
    records.push(local, content);
    directory.push(printEntry(common, path, offset));
    offset += local.byteLength + content.byteLength;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(entries.byteLength, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...records, entries, Buffer.from("PK\x05\x06"), end]);
}

/** What the header before a file and its entry in the directory have in common. */
function describeContent(content: Uint8Array, pathBytes: number): Buffer {
  const common = Buffer.alloc(26);
  common.writeUInt16LE(VERSION, 0);
  common.writeUInt16LE(NAME_IS_UTF8, 2);
  common.writeUInt16LE(DATE, 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(content.byteLength, 14);
  common.writeUInt32LE(content.byteLength, 18);
  common.writeUInt16LE(pathBytes, 22);
  return common;
}

function printEntry(common: Buffer, path: Buffer, offset: number): Buffer {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(READABLE * 2 ** 16, 6);
  rest.writeUInt32LE(offset, 10);
  const made = Buffer.from([VERSION, MADE_ON_UNIX]);
  return Buffer.concat([Buffer.from("PK\x01\x02"), made, common, rest, path]);
}
