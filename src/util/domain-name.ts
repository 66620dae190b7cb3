import { domainToASCII, domainToUnicode } from "node:url";
import { keepsOneDirection } from "./domains/label-direction.ts";
import { isSoundLabel } from "./domains/label-rules.ts";
import { findScriptFault } from "./domains/label-scripts.ts";
import { splitDomain } from "./domains/registrable-domain.ts";

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * A host name in A-label form: letters, digits and hyphens in lower case, labels of at most 63 characters, at most 253 in all, the last
 * label not a number (RFC 1123 section 2.1). Labels outside ASCII are processed by UTS 46, non-transitional, with STD3 rules, CheckHyphens,
 * CheckBidi and the Unicode version of the running Node (17.0 in Node 24), and must be what IDNA 2008 allows (RFC 5892, 5893). Nothing is
 * mapped: a label must be written as it is registered, so upper case, compatibility forms, other full stops and a final dot are refused,
 * and so is an A-label that is not the one encoding of a sound label (RFC 5891 section 5.4). Zero-width joiners are refused everywhere.
 * Returns undefined for anything else.
 */
export function toHostname(text: string): string | undefined {
  const ascii = /^[\x20-\x7e]*$/.test(text) ? text : encode(text);
  if (ascii === undefined || ascii.length > 253) return undefined;
  const labels = ascii.split(".");
  if (!labels.every((label) => LABEL.test(label) && hasPlainHyphens(label))) return undefined;
  // A last label that is a number, in any base, makes the name an IPv4 address (WHATWG URL, "ends in a number").
  if (/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? "")) return undefined;
  const isSound = !labels.some((label) => label.startsWith("xn--")) || hasSoundLabels(ascii);
  return isSound ? ascii : undefined;
}

/**
 * {@link toHostname} of a name that may be bought: directly below a public suffix, and no label in several scripts or in one that is not
 * in general use. Returns undefined for anything else.
 */
export function toDomainName(text: string): string | undefined {
  const hostname = toHostname(text);
  if (hostname === undefined || splitDomain(hostname).registrable !== hostname) return undefined;
  const labels = toUnicodeName(hostname).split(".");
  return labels.every((label) => findScriptFault(label) === undefined) ? hostname : undefined;
}

/** What the A-labels of a host name stand for; a name without any is itself. */
export function toUnicodeName(hostname: string): string {
  return domainToUnicode(hostname);
}

/** Each label must be given as it is registered: as the A-label or as exactly what that stands for. */
function encode(text: string): string | undefined {
  if (text.length > 253) return undefined;
  const ascii = domainToASCII(text);
  const encoded = ascii.split(".");
  const decoded = domainToUnicode(ascii).split(".");
  const given = text.split(".");
  const isUnmapped =
    given.length === encoded.length &&
    given.every((label, i) => label === encoded[i] || label === decoded[i]);
  return ascii !== "" && isUnmapped ? ascii : undefined;
}

/** Hyphens in the third and fourth place are kept for A-labels (RFC 5891 section 4.2.3.1). */
function hasPlainHyphens(label: string): boolean {
  return label.slice(2, 4) !== "--" || label.startsWith("xn--");
}

/** What A-labels stand for: sound, and encoded in the one way there is. */
function hasSoundLabels(ascii: string): boolean {
  const text = domainToUnicode(ascii);
  if (domainToASCII(text) !== ascii) return false;
  const labels = text.split(".");
  return labels.every(isSoundLabel) && keepsOneDirection(labels);
}
