import { isIP } from "node:net";
import { toHostname } from "./domain-name.ts";
import { splitDomain } from "./domains/registrable-domain.ts";
import { classifyAddress } from "./network-address.ts";

/** An address that may be posted to. */
export interface WebhookAddress {
  readonly url: URL;
  /** It says itself that it is on this machine. */
  readonly isLoopback: boolean;
}

/**
 * Reads the address of a webhook: `https` and a public name or address, or `http` or `https` on this machine (`localhost`, `127.0.0.1`, `[::1]`).
 * No user, no password, no fragment; at most 2,048 visible ASCII characters. Undefined for anything else. Where a name leads is seen only when it
 * is resolved.
 */
export function readWebhookAddress(text: string): WebhookAddress | undefined {
  if (text.length > 2048 || !/^https?:\/\/[\x21-\x7e]+$/.test(text)) return undefined;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || text.includes("#")) return undefined;
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const isLoopback =
    host === "localhost" || (isIP(host) !== 0 && classifyAddress(host) === "loopback");
  if (isLoopback) return { url, isLoopback };
  if (url.protocol !== "https:") return undefined;
  const isPublic = isIP(host) === 0 ? isPublicName(host) : classifyAddress(host) === "public";
  return isPublic ? { url, isLoopback } : undefined;
}

/** A name that somebody can have registered: a public suffix alone, as every single label is, leads to nobody. */
function isPublicName(host: string): boolean {
  return toHostname(host) !== undefined && splitDomain(host).registrable !== undefined;
}
