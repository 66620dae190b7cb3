const PATH = /^(?:\.\/)?[A-Za-z0-9._@+ -]+(?:\/[A-Za-z0-9._@+ -]+)*\/?$/;
/** Names that Windows keeps for devices, also with an extension. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;
/** Folders whose content must never be bundled or published. */
const PRIVATE = new Set([".git", ".supercargo", "node_modules"]);

/**
 * A path below the folder it is relative to, without `./` before and `/` behind. Only ASCII letters, digits and `._@+ -` between
 * forward slashes; no `..`, no device name, no segment that ends in a dot or space, at most 255 characters. Undefined for anything else.
 * It is a check of the text alone: links on the disk are for the reader of the files to check.
 */
export function toRelativePath(text: string): string | undefined {
  if (text.length > 255 || !PATH.test(text)) return undefined;
  const path = text.replace(/^\.\//, "").replace(/\/$/, "");
  return path.split("/").every(isSegment) ? path : undefined;
}

function isSegment(segment: string): boolean {
  return (
    segment !== "" &&
    !/[. ]$/.test(segment) &&
    !segment.startsWith(" ") &&
    !DEVICE.test(segment) &&
    !PRIVATE.has(segment.toLowerCase())
  );
}
