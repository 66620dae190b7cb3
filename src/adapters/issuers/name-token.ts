import { sha256 } from "../../util/sha256.ts";

/** A payment token's reference in leases and logs: whoever has it has no token. `stripe:0123456789abcdef` */
export function nameToken(issuer: string, token: string): string {
  return `${issuer}:${sha256(token).slice(0, 16)}`;
}
