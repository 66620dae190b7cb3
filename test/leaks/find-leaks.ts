import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** A secret found where it must not be. */
export interface Leak {
  readonly where: string;
  readonly encoding: string;
  /** First characters of the secret, enough to tell which. */
  readonly secret: string;
}

/** The forms in which a text usually escapes. */
export const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  raw: (text) => text,
  // Files are read as bytes, one character each.
  "utf-8": (text) => Buffer.from(text).toString("latin1"),
  base64: (text) => trimBase64(Buffer.from(text).toString("base64")),
  base64url: (text) => trimBase64(Buffer.from(text).toString("base64url")),
  hex: (text) => Buffer.from(text).toString("hex"),
  "upper-case hex": (text) => Buffer.from(text).toString("hex").toUpperCase(),
  url: (text) => encodeURIComponent(text),
  json: (text) => JSON.stringify(text).slice(1, -1),
  "json in json": (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3),
  "utf-16": (text) => Buffer.from(text, "utf16le").toString("latin1"),
  reversed: (text) => [...text].reverse().join(""),
  "first half": (text) => text.slice(0, Math.max(16, Math.ceil(text.length / 2))),
  "second half": (text) => text.slice(-Math.max(16, Math.ceil(text.length / 2))),
};

/** The last group depends on what follows the text; without it a hit is found wherever the encoding starts on a boundary. */
function trimBase64(text: string): string {
  return text.replace(/=+$/, "").slice(0, -1);
}

/** Searches texts (name -> content, bytes as latin1) for every secret in every encoding. */
export function findLeaks(
  texts: ReadonlyMap<string, string>,
  secrets: readonly string[],
): readonly Leak[] {
  const leaks: Leak[] = [];
  for (const [where, text] of texts) {
    for (const secret of secrets) {
      for (const [encoding, encode] of Object.entries(ENCODINGS)) {
        if (text.includes(encode(secret)))
          leaks.push({ where, encoding, secret: `${secret.slice(0, 6)}...` });
      }
    }
  }
  return leaks;
}

/** Every file below a folder that `skip` does not name, gzip opened, as latin1 text. */
export function readTree(
  folder: string,
  skip: (path: string) => boolean = () => false,
): Map<string, string> {
  const texts = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (skip(entry)) continue;
    const path = join(folder, entry);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined || !stat.isFile()) continue;
    const bytes = readFileSync(path);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    texts.set(path, (isGzip ? gunzipSync(bytes) : bytes).toString("latin1"));
  }
  return texts;
}
