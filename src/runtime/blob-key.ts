/** What stands in a key of Netlify's as it is; nothing else of what it documents says who decodes what of a URL. */
const PLAIN = /[^A-Za-z0-9._/-]/gu;
const ESCAPED = /(?:~[0-9A-F]{2})+/g;

/** An app's key -> that of the blob: `a b` -> `a~20b`, by bytes of UTF-8. A prefix stays one. */
export function encodeBlobKey(key: string): string {
  return key.replace(PLAIN, (text) =>
    [...Buffer.from(text)]
      .map((byte) => `~${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join(""),
  );
}

/** The way back. */
export function decodeBlobKey(key: string): string {
  return key.replace(ESCAPED, (text) => Buffer.from(text.replaceAll("~", ""), "hex").toString());
}
