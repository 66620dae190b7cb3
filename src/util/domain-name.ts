import { domainToASCII, domainToUnicode } from "node:url";

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const U_LABEL = /^(?!\p{M}|-)[\p{L}\p{M}\p{Nd}-]+$/u;
/** Letters and marks that host names must not hold (RFC 5892 section 2.6). */
const DISALLOWED = /[\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b]/u;
/** Blocks of letters that are written from right to left. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * A host name in A-label form: letters, digits and hyphens in lower case, labels of at most 63 characters, at most 253 in all, the last
 * label not a number (RFC 1123 section 2.1). Names outside ASCII are mapped by UTS 46 as in URLs, and what they or given A-labels stand
 * for must be letters, marks and digits that do not run in two directions; characters that RFC 5892 allows in some contexts only are
 * refused in all. Upper case in ASCII and a final dot are refused. Returns undefined for anything else.
 */
export function toHostname(text: string): string | undefined {
  const ascii = /^[\x20-\x7e]*$/.test(text) ? text : mapToAscii(text);
  if (ascii === undefined || ascii.length > 253) return undefined;
  const labels = ascii.split(".");
  if (!labels.every((label) => LABEL.test(label) && hasPlainHyphens(label))) return undefined;
  if (/^\d+$/.test(labels.at(-1) ?? "")) return undefined;
  const isSound = !labels.some((label) => label.startsWith("xn--")) || hasSoundLabels(ascii);
  return isSound ? ascii : undefined;
}

/** {@link toHostname} with at least two labels, so that it can be registered. */
export function toDomainName(text: string): string | undefined {
  const hostname = toHostname(text);
  return hostname?.includes(".") ? hostname : undefined;
}

function mapToAscii(text: string): string | undefined {
  if (text.length > 253 || !/^[\p{L}\p{M}\p{Nd}.-]+$/u.test(text)) return undefined;
  const ascii = domainToASCII(text);
  return ascii === "" || DISALLOWED.test(text) ? undefined : ascii;
}

/** Hyphens in the third and fourth place are kept for A-labels (RFC 5891 section 4.2.3.1). */
function hasPlainHyphens(label: string): boolean {
  return label.slice(2, 4) !== "--" || label.startsWith("xn--");
}

/** What A-labels stand for: sound, and encoded in the one way there is (RFC 5891 section 5.4). */
function hasSoundLabels(ascii: string): boolean {
  const text = domainToUnicode(ascii);
  if (domainToASCII(text) !== ascii || DISALLOWED.test(text)) return false;
  const labels = text.split(".");
  const hasRightToLeft = RIGHT_TO_LEFT.test(text);
  return labels.every(
    (label) =>
      !label.startsWith("xn--") &&
      U_LABEL.test(label) &&
      !(hasRightToLeft && hasTwoDirections(label)),
  );
}

/** RFC 5893 section 2: a label starts with a letter and has letters of one direction only. */
function hasTwoDirections(label: string): boolean {
  const letters = label.match(/\p{L}/gu) ?? [];
  const rightToLeft = letters.filter((letter) => RIGHT_TO_LEFT.test(letter)).length;
  const mixesDigits = /[\u0660-\u0669]/.test(label) && /[\u06f0-\u06f9]/.test(label);
  return /^\p{Nd}/u.test(label) || (rightToLeft > 0 && rightToLeft < letters.length) || mixesDigits;
}
