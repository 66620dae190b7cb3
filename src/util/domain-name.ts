import { domainToASCII } from "node:url";

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * A host name in A-label form: letters, digits and hyphens in lower case, labels of at most 63 characters, at most 253 in all, the last
 * label not a number (RFC 1123 section 2.1). Names outside ASCII are mapped by UTS 46 as in URLs; A-labels must be ones that this
 * mapping can produce (RFC 5891 section 5.4). Upper case in ASCII and a final dot are refused. Returns undefined for anything else.
 */
export function toHostname(text: string): string | undefined {
  const ascii = /^[\x20-\x7e]*$/.test(text) ? text : mapToAscii(text);
  if (ascii === undefined || ascii.length > 253) return undefined;
  const labels = ascii.split(".");
  if (!labels.every((label) => LABEL.test(label) && hasPlainHyphens(label))) return undefined;
  if (/^\d+$/.test(labels.at(-1) ?? "")) return undefined;
  if (labels.some((label) => label.startsWith("xn--")) && domainToASCII(ascii) !== ascii)
    return undefined;
  return ascii;
}

/** {@link toHostname} with at least two labels, so that it can be registered. */
export function toDomainName(text: string): string | undefined {
  const hostname = toHostname(text);
  return hostname?.includes(".") ? hostname : undefined;
}

function mapToAscii(text: string): string | undefined {
  if (text.length > 253 || !/^[\p{L}\p{M}\p{N}.-]+$/u.test(text)) return undefined;
  const ascii = domainToASCII(text);
  return ascii === "" ? undefined : ascii;
}

/** Hyphens in the third and fourth place are kept for A-labels (RFC 5891 section 4.2.3.1). */
function hasPlainHyphens(label: string): boolean {
  return label.slice(2, 4) !== "--" || label.startsWith("xn--");
}
