import { crc32 } from "node:zlib";

const NAME_IS_UTF8 = 0x0800;
/** 1 January 1980, 0:00, the earliest time that the format knows: a build's time is none of its content. */
const DATE = 0x0021;
/** A regular file that everybody may read, in the upper half of the external attributes. */
const READABLE = 0o100644;
const MADE_ON_UNIX = 3;
const VERSION = 20;

/**
 * A ZIP archive of one file (APPNOTE.TXT 6.3.10, section 4.3). Stored and not compressed, because only then the bytes are the same with every version of the
 * compressor.
 */
export function packFile(name: string, content: Uint8Array): Uint8Array {
  const path = Buffer.from(name);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(VERSION, 0);
  common.writeUInt16LE(NAME_IS_UTF8, 2);
  common.writeUInt16LE(DATE, 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(content.byteLength, 14);
  common.writeUInt32LE(content.byteLength, 18);
  common.writeUInt16LE(path.byteLength, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, path]);

  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(READABLE * 2 ** 16, 6);
  const made = Buffer.from([VERSION, MADE_ON_UNIX]);
  const entry = Buffer.concat([Buffer.from("PK\x01\x02"), made, common, rest, path]);

  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(entry.byteLength, 8);
  end.writeUInt32LE(local.byteLength + content.byteLength, 12);
  return Buffer.concat([local, content, entry, Buffer.from("PK\x05\x06"), end]);
}
