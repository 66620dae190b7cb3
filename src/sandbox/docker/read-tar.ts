const BLOCK = 512;

/** The regular files of a tar archive (POSIX ustar), by path. Throws for a path that leaves its folder. */
export function readTar(archive: Buffer): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    const path = readText(header, 0, 100);
    if (path === "") break;
    const size = Number.parseInt(readText(header, 124, 12), 8) || 0;
    const type = readText(header, 156, 1);
    if (path.startsWith("/") || path.split("/").includes(".."))
      throw new Error("a path that leaves");
    if (type === "0" || type === "")
      files.set(path, archive.subarray(at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

function readText(header: Buffer, start: number, length: number): string {
  return (header.toString("utf8", start, start + length).split("\0")[0] ?? "").trim();
}
