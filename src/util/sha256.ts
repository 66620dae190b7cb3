import { hash } from "node:crypto";

/** Lower-case hexadecimal SHA-256 of UTF-8 text or bytes. */
export function sha256(data: string | Uint8Array): string {
  return hash("sha256", data, "hex");
}
