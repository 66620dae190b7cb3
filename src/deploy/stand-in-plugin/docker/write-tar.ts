const BLOCK = 512;
const MAX_NAME = 100;

/** One file of an archive. */
export interface TarFile {
  /** Without a leading slash; at most 100 bytes. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** A tar archive (POSIX ustar) of files that root owns and everybody may read. */
export function writeTar(files: readonly TarFile[]): Buffer {
  const parts = files.flatMap(({ path, content }) => [
    writeHeader(path, content.length),
    content,
    Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function writeHeader(path: string, size: number): Buffer {
  if (Buffer.byteLength(path) > MAX_NAME)
    throw new Error(`the path of an upload is too long: ${path}`);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, "0");
  header.write(path, 0);
  header.write(octal(0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(size, 12), 124);
  header.write(octal(0, 12), 136);
  header.write(" ".repeat(8), 148);
  header.write("0", 156);
  header.write("ustar\0" + "00", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}
